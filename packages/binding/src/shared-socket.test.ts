// The shared socket and its status on real connections, with our client and Socket.IO's.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { io as ours } from "@sockeye/client";
import type { DefaultEventsMap } from "@sockeye/events";
import { Server } from "@sockeye/node";
import { io as theirs } from "socket.io-client";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type AnySocket, emitThrough, SharedSocket, type SocketStatus } from "./index.ts";

interface Listening extends AnySocket {
  listeners(event: string): unknown[];
}

let server: Server;
let url = "";

beforeEach(async () => {
  const http = createServer();
  server = new Server(http);
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
});

afterEach(() => server.close());

const CLIENTS: [string, (options?: object) => Listening][] = [
  ["our client", (options) => ours(url, { forceNew: true, ...options }) as unknown as Listening],
  ["Socket.IO's", (options) => theirs(url, { forceNew: true, ...options }) as unknown as Listening],
];

/** Resolves with the first status of the state. */
function reached(shared: SharedSocket, state: SocketStatus["state"]): Promise<SocketStatus> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (shared.status.state !== state) return;
      stop();
      resolve(shared.status);
    };
    const stop = shared.subscribe(look);
    look();
  });
}

describe.each(CLIENTS)("a shared socket of %s", (_, connect) => {
  test("nothing connects before it is retained; then one connection, for all who retain it", async () => {
    let made = 0;
    const shared = new SharedSocket(() => {
      made += 1;
      return connect();
    });
    expect([shared.socket, shared.status.state, made]).toEqual([undefined, "idle", 0]);
    const releases = [shared.retain(), shared.retain()];
    const status = await reached(shared, "open");
    expect(status).toMatchObject({ state: "open", transport: expect.any(String) });
    expect([made, server.sockets.sockets.size]).toEqual([1, 1]);
    for (const release of releases) release();
  });

  test("released and retained in one turn, it keeps the connection; released for good, it closes", async () => {
    const shared = new SharedSocket(() => connect());
    const first = shared.retain();
    await reached(shared, "open");
    const { socket } = shared;
    first();
    first();
    const second = shared.retain();
    await Promise.resolve();
    expect([shared.socket === socket, socket?.connected]).toEqual([true, true]);
    second();
    await reached(shared, "idle");
    expect([shared.socket, socket?.connected, socket?.active]).toEqual([undefined, false, false]);
  });

  test("listeners follow the socket, and none is left on it", async () => {
    server.on("connection", (socket) => socket.emit("hello", socket.id));
    const sockets: Listening[] = [];
    const shared = new SharedSocket(() => {
      const socket = connect();
      sockets.push(socket);
      return socket;
    });
    const heard: unknown[] = [];
    let next = (): void => {};
    const stop = shared.listen("hello", (id) => {
      heard.push(id);
      next();
    });
    for (const count of [1, 2]) {
      const greeted = new Promise<void>((resolve) => {
        next = resolve;
      });
      const release = shared.retain();
      await greeted;
      expect(heard).toHaveLength(count);
      release();
      await reached(shared, "idle");
    }
    stop();
    expect(sockets.map((socket) => socket.listeners("hello").length)).toEqual([0, 0]);
    for (const socket of sockets) {
      for (const event of ["connect", "disconnect", "connect_error"]) {
        expect(socket.listeners(event)).toEqual([]);
      }
    }
  });

  test("a socket that was made without `autoConnect` is connected", async () => {
    const shared = new SharedSocket(() => connect({ autoConnect: false }));
    const release = shared.retain();
    await reached(shared, "open");
    release();
  });

  test("the status says that the server has put the socket out, and that it is refused", async () => {
    const shared = new SharedSocket(() => connect());
    const release = shared.retain();
    await reached(shared, "open");
    server.disconnectSockets();
    expect(await reached(shared, "closed")).toEqual({
      state: "closed",
      reason: "io server disconnect",
      advice: "connect",
    });
    server.use((_socket, next) => next(new Error("not now")));
    const refused = new Promise<void>((resolve) => {
      const stop = shared.listen("connect_error", () => {
        stop();
        resolve();
      });
    });
    shared.socket?.connect();
    await refused;
    expect(await reached(shared, "closed")).toMatchObject({ advice: "connect" });
    release();
  });

  test("the status says that the connection is lost, and waits for the next attempt", async () => {
    const shared = new SharedSocket(() => connect({ reconnectionDelay: 20 }));
    const release = shared.retain();
    await reached(shared, "open");
    const waiting = reached(shared, "waiting");
    const connecting = reached(shared, "connecting");
    server.engine.close();
    expect(await waiting).toMatchObject({ attempt: 1 });
    expect(await connecting).toMatchObject({ attempt: 1 });
    release();
  });

  test("emits, and awaits answers for a limited time", async () => {
    server.on("connection", (socket) => {
      socket.on("add", (a: number, b: number, answer: (sum: number) => void) => answer(a + b));
    });
    const shared = new SharedSocket(() => connect());
    const emit = emitThrough<DefaultEventsMap>(shared, { timeout: 2000 });
    expect(() => emit("add", 1, 2)).toThrow(expect.objectContaining({ code: "ERR_NO_SOCKET" }));
    await expect(emit.withAck("add", 1, 2)).rejects.toMatchObject({ code: "ERR_NO_SOCKET" });
    const release = shared.retain();
    expect(await emit.withAck("add", 1, 2)).toBe(3);
    await expect(
      emitThrough<DefaultEventsMap>(shared, { timeout: 20 }).withAck("unknown"),
    ).rejects.toThrow(/timed? ?out/);
    release();
  });
});
