// Services made of Node's modules, as they are, or as other runtimes have them.

import { createHash } from "node:crypto";
import { channel } from "node:diagnostics_channel";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { brotliCompress, deflate, gunzipSync, gzip } from "node:zlib";
import { expect, test } from "vitest";
import { NodeFiles, nodeDebug, nodeServices, turnServices, zlibCompress } from "./node-services.ts";

const modules = { createHash, readFile, createRequire, dirname, join };

/** Node's, but for a process that writes down what it is told. */
function services() {
  const told: unknown[] = [];
  const made = nodeServices<NodeJS.Timeout>({
    globals: globalThis,
    channel,
    process: {
      ...{ env: {}, stderr: process.stderr },
      nextTick: (callback) => void told.push(callback),
      emitWarning: (...warning: [Error] | [string, string]) => void told.push(warning),
    },
  });
  return { told, made };
}

test("an error surfaces outside of the stack, and a warning has its own type", () => {
  const { told, made } = services();
  const error = new Error("late");
  made.surface(error);
  expect(() => (told[0] as () => void)()).toThrow(error);
  made.warn("careful");
  expect(told[1]).toEqual(["careful", "SockeyeWarning"]);
});

test("a timer that was cancelled does not call back", async () => {
  const { made } = services();
  const called: string[] = [];
  made.clock.after(0, () => void called.push("cancelled"))();
  made.idleClock.after(0, () => void called.push("cancelled"))();
  await new Promise<void>((resolve) => made.clock.after(1, resolve));
  expect(called).toEqual([]);
});

test("what is collected in a turn is written before what waits for its end, whichever was asked for first", async () => {
  const turns = turnServices(services().made);
  const order: string[] = [];
  const ended = new Promise<void>((resolve) => {
    turns.afterTurn(() => {
      order.push("after");
      resolve();
    });
  });
  turns.collect({ flush: () => void order.push("written") });
  await ended;
  expect(order).toEqual(["written", "after"]);
});

test("without the permission to read DEBUG nothing is wanted", () => {
  const env = new Proxy<Record<string, string>>({}, { get: () => expect.fail("not permitted") });
  expect(nodeDebug({ env, stderr: process.stderr }).wanted).toBeUndefined();
});

test("bytes are compressed, and a failure rejects", async () => {
  const compress = zlibCompress({ brotliCompress, deflate, gzip });
  expect(gunzipSync(await compress(Buffer.from("text"), "gzip")).toString()).toBe("text");
  const failing = zlibCompress({
    ...{ brotliCompress, deflate },
    gzip: (_bytes, done) => done(new Error("broken"), new Uint8Array()),
  });
  await expect(failing(Buffer.from("text"), "gzip")).rejects.toThrow("broken");
});

test("the client's files: the first place that has them, and what is missing is said", async () => {
  const folder = await mkdtemp(join(tmpdir(), "sockeye-files-"));
  await writeFile(join(folder, "a.js"), "a");
  const files = new NodeFiles(modules, () => [], folder);
  const { body, tag } = await files.read("a.js");
  expect([String(body), tag]).toEqual(["a", expect.stringMatching(/^[\w-]{27}$/)]);
  await expect(files.read("b.js")).rejects.toThrow("the client has not been built");
  await rm(folder, { recursive: true });
  const nowhere = new NodeFiles(modules, () => [undefined, "/nowhere/program.js"]);
  await expect(nowhere.read("a.js")).rejects.toThrow("the client is not installed");
  const places: string[] = [];
  const createAt = (place: string): NodeJS.Require => {
    places.push(place);
    return createRequire(place);
  };
  const here = new NodeFiles({ ...modules, createRequire: createAt }, () => [
    "/nowhere/program.js",
    import.meta.url,
  ]);
  await here.read("socket.io.js").catch(() => {});
  expect(places).toEqual(["/nowhere/program.js", import.meta.url]);
});
