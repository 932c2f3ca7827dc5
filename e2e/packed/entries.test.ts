// What single entries are for, on the installed files: bytes over each transport in browsers, a codec and transports of
// choice, and what the small client has not.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import parser from "socket.io-msgpack-parser";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { startServer } from "../kit/running-server.ts";
import { ARTEFACTS } from "./artefacts.ts";
import { fileOf } from "./run/installation.ts";
import { filesOf, load } from "./run/presence.ts";

// biome-ignore lint/suspicious/noExplicitAny: what was loaded by its path has no types.
type Anything = any;

const loadEntry = (entry: string): Promise<Anything> =>
  import(pathToFileURL(fileOf("@sockeye/client", entry, ["browser", "import"])).href);

beforeEach(() => {
  vi.stubGlobal("WebSocket", WebSocket);
});
afterEach(() => {
  vi.unstubAllGlobals();
});

/** Resolves with the arguments of the next event of that name. */
const next = (emitter: Anything, event: string): Promise<Anything[]> =>
  new Promise((resolve) => emitter.once(event, (...args: unknown[]) => resolve(args)));

const CLIENTS = ARTEFACTS.filter(({ entry }) => entry !== "./engine");

describe.each(CLIENTS)("bytes through $name", (artefact) => {
  const hasPolling = artefact.lacks.polling === undefined;
  const ways = ["websocket", ...(hasPolling ? ["polling", "polling then websocket"] : [])];

  test.each(ways)("%s", async (way) => {
    const transports = way.split(" then ");
    await using server = await startServer("socket.io", artefact.wire ? { parser } : {});
    server.io.on("connection", (socket) => {
      socket.on("echo", (value: unknown, answer: (value: unknown) => void) => answer(value));
    });
    const { io } = (await load(filesOf(artefact).code, artefact.form)) as Anything;
    const client = io(server.url, { forceNew: true, transports });
    await next(client, "connect");
    for (const size of [0, 1, 3, 1000, 70_000]) {
      const sent = Uint8Array.from({ length: size }, (_, at) => at % 251);
      const back = await client.timeout(5000).emitWithAck("echo", { deep: [sent.buffer, "é"] });
      const [bytes, text] = back.deep;
      expect([text, bytes.byteLength]).toEqual(["é", size]);
      expect(Buffer.compare(new Uint8Array(bytes), sent)).toBe(0);
    }
    client.disconnect();
  });
});

test("the small client has no polling, no upgrade, no base64, no queue; the whole one has", () => {
  const dropped = ["xhr", "fetch(", "btoa", "atob", "b64", "probe"];
  const [small, whole] = ["websocket", "script.min"].map((name) => {
    const artefact = ARTEFACTS.find((each) => each.name === name);
    return artefact && readFileSync(filesOf(artefact).code, "utf8");
  });
  expect(dropped.filter((word) => !whole?.includes(word))).toEqual([]);
  expect(dropped.filter((word) => small?.includes(word))).toEqual([]);
});

test("a codec and transports from other entries fit into the minified module", async () => {
  await using server = await startServer("socket.io", { parser });
  server.io.on("connection", (socket: { emit(event: string, value: unknown): void }) => {
    socket.emit("hello", { at: 1 });
  });
  const [{ io }, { WebSocket: Transport }, { msgpackCodec }] = await Promise.all([
    loadEntry("."),
    loadEntry("./engine"),
    loadEntry("./msgpack"),
  ]);
  const client = io(server.url, {
    forceNew: true,
    parser: msgpackCodec(),
    transports: [Transport],
  });
  expect((await next(client, "hello"))[0]).toEqual({ at: 1 });
  client.disconnect();
});
