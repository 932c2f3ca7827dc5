// The built clients as applications get them: the one with WebSocket only, and what it has dropped; and that what comes
// from other entries fits into the minified one.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { msgpackCodec } from "@sockeye/client/msgpack";
import parser from "socket.io-msgpack-parser";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { startServer } from "../kit/running-server.ts";

const manifest = createRequire(import.meta.url).resolve("@sockeye/client/package.json");
const built = (file: string): string => join(dirname(manifest), "dist", file);
const load = (file: string) => import(pathToFileURL(built(file)).href);

const SMALL = "socket.io.websocket.esm.min.js";
const WHOLE = "socket.io.esm.min.js";
const MINI = "socket.io.mini.esm.min.js";

beforeEach(() => {
  vi.stubGlobal("WebSocket", WebSocket);
});
afterEach(() => {
  vi.unstubAllGlobals();
});

/** Resolves with the arguments of the next event of that name. */
// biome-ignore lint/suspicious/noExplicitAny: what was loaded by its path has no types.
const next = (emitter: any, event: string): Promise<any[]> =>
  new Promise((resolve) => emitter.once(event, (...args: unknown[]) => resolve(args)));

describe.each([SMALL, WHOLE])("%s", (file) => {
  test("connects, exchanges bytes, is refused, comes back", async () => {
    await using server = await startServer("socket.io", { connectionStateRecovery: {} });
    server.io.of("/closed").use((_socket: unknown, done: (error: Error) => void) => {
      done(Object.assign(new Error("no"), { data: { code: 1 } }));
    });
    server.io.on("connection", (socket: { on(event: string, listener: unknown): void }) => {
      socket.on("echo", (value: unknown, answer: (value: unknown) => void) => answer(value));
    });
    const { io } = await load(file);
    const client = io(server.url, { forceNew: true, reconnectionDelay: 5 });
    await next(client, "connect");
    const { bytes } = await client
      .timeout(5000)
      .emitWithAck("echo", { bytes: Uint8Array.from([1, 2, 3]) });
    expect([...new Uint8Array(bytes)]).toEqual([1, 2, 3]);
    const closed = client.io.socket("/closed");
    const [error] = await next(closed, "connect_error");
    expect([error.message, error.data]).toEqual(["no", { code: 1 }]);
    const again = next(client, "connect");
    client.io.engine.close();
    await again;
    expect(client.connected).toBe(true);
    client.disconnect();
  });
});

describe.each(["socket.io", "sockeye"] as const)("the smallest one, with %s", (name) => {
  test("connects, exchanges bytes, hears its room, is refused, comes back with its state", async () => {
    await using server = await startServer(name, { connectionStateRecovery: {} });
    server.io.of("/closed").use((_socket, done) => {
      done(Object.assign(new Error("no"), { data: { code: 1 } }));
    });
    server.io.on("connection", (socket) => {
      socket.on("join", (room: string, answer: () => void) => {
        void socket.join(room);
        answer();
      });
      socket.on("echo", (value: unknown, answer: (value: unknown) => void) => answer(value));
    });
    const { connect } = await load(MINI);
    const client = connect(server.url, { reconnectionDelay: 5 });
    await next(client, "connect");
    const { bytes } = await client
      .timeout(5000)
      .emitWithAck("echo", { bytes: Uint8Array.from([1, 2, 3]) });
    expect([...new Uint8Array(bytes)]).toEqual([1, 2, 3]);
    await client.emitWithAck("join", "room");
    const heard = next(client, "news");
    server.io.to("room").emit("news", "for the room");
    expect((await heard)[0]).toBe("for the room");
    const closed = connect(`${server.url}/closed`);
    const [error] = await next(closed, "connect_error");
    expect([error.message, error.data]).toEqual(["no", { code: 1 }]);
    expect(closed.status).toEqual({ state: "closed", reason: "no", advice: "connect" });
    const again = next(client, "connect");
    const { socket } = await server.nextPeer();
    socket.conn.close();
    await again;
    expect([client.connected, client.recovered, client.id]).toEqual([true, true, socket.id]);
    client.disconnect();
  });
});

test("the small one has no polling, no upgrade, no base64, no queue, no checks of options", () => {
  const dropped = [
    ...["polling", "xhr", "fetch(", "btoa", "atob", "b64", "probe", "tryAllTransports"],
    ...["transportOptions", "rememberUpgrade", "retries", "withCredentials", "must be:"],
  ];
  const [small, whole] = [SMALL, WHOLE].map((file) => readFileSync(built(file), "utf8"));
  expect(dropped.filter((word) => !whole?.includes(word))).toEqual([]);
  expect(dropped.filter((word) => small?.includes(word))).toEqual([]);
});

test("a codec and transports from other entries fit into the minified build", async () => {
  await using server = await startServer("socket.io", { parser });
  server.io.on("connection", (socket: { emit(event: string, value: unknown): void }) => {
    socket.emit("hello", { at: 1 });
  });
  const [{ io }, { WebSocket: Transport }] = await Promise.all([
    load(WHOLE),
    load("engine-io/index.js"),
  ]);
  const client = io(server.url, {
    forceNew: true,
    parser: msgpackCodec(),
    transports: [Transport],
  });
  expect((await next(client, "hello"))[0]).toEqual({ at: 1 });
  client.disconnect();
});
