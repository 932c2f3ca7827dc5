// The smallest client as it is packed, with Socket.IO's server and with ours.

import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { startServer } from "../kit/running-server.ts";
import { fileOf } from "./run/installation.ts";

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

describe.each(["socket.io", "sockeye"] as const)("the smallest client, with %s", (name) => {
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
    const file = fileOf("@sockeye/client", "./mini", ["browser", "import"]);
    const { connect } = await import(pathToFileURL(file).href);
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
