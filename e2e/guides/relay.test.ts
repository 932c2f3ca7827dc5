// The server and the client of the guide on relays, as they stand there: what one client sends, the other prints.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, expect, test } from "vitest";
import { filesOf } from "./blocks.mjs";

const folder = mkdtempSync(join(tmpdir(), "relay-guide-"));
const running: ChildProcess[] = [];

/** Runs a program; resolves with its lines one by one. */
function start(name: string): AsyncIterator<string> {
  const child = spawn(process.execPath, [name], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  running.push(child);
  return createInterface({ input: child.stdout })[Symbol.asyncIterator]();
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

afterAll(async () => {
  for (const child of running) {
    const ended = once(child, "exit");
    child.kill();
    await ended;
  }
  rmSync(folder, { recursive: true, force: true });
});

test("SO81 the programs of the guide: the first client prints what the second sends", async () => {
  symlinkSync(join(import.meta.dirname, "../../node_modules"), join(folder, "node_modules"), "dir");
  const port = await freePort();
  for (const [name, text] of Object.entries(filesOf("relay"))) {
    expect(text).toContain("3000");
    writeFileSync(join(folder, name), text.replace("3000", String(port)));
  }
  start("server.mjs");
  const first = start("client.mjs");
  expect((await first.next()).value).toBe("connected");
  const second = start("client.mjs");
  expect((await second.next()).value).toBe("connected");
  expect((await first.next()).value).toBe("120 345");
});
