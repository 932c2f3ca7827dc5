// The core without a host: what depends on time, what is counted, what reaches the platform.

import { expect, test } from "vitest";
import { MemoryServer } from "../../test/memory-server.ts";
import type { Socket } from "./socket.ts";

async function joined(server: MemoryServer): Promise<Socket> {
  const socket = new Promise<Socket>((resolve) => server.once("connection", resolve));
  void server.join();
  return await socket;
}

test("SO52 connectTimeout is met to the millisecond, and joining in time is enough", async () => {
  const server = new MemoryServer({ connectTimeout: 1000 });
  const idle = server.dial();
  const member = await server.join();
  server.clock.advance(999);
  expect(idle.isOpen).toBe(true);
  server.clock.advance(1);
  expect(await idle.closed).toBe(1005);
  server.clock.advance(10_000);
  expect(member.isOpen).toBe(true);
});

test("SO52 a peer that has left its only namespace may stay", async () => {
  const server = new MemoryServer({ connectTimeout: 1000 });
  const peer = await server.join();
  peer.transmit("41");
  server.clock.advance(5000);
  expect(peer.isOpen).toBe(true);
});

test("SO54 without auth of the client's, the handshake has an object that the application may write to", async () => {
  const server = new MemoryServer();
  const [one, other] = [await joined(server), await joined(server)];
  one.handshake.auth["user"] = "me";
  expect(one.handshake.auth).toEqual({ user: "me" });
  expect(Object.getPrototypeOf(one.handshake.auth)).toBe(Object.prototype);
  expect(other.handshake.auth).toEqual({});
});

test("SO54 the handshake tells when the namespace was joined", async () => {
  const server = new MemoryServer();
  const month = 30 * 24 * 3600 * 1000;
  for (const wait of [0, 1500, month]) {
    server.clock.advance(wait);
    const now = server.clock.wallTime();
    const { issued, time } = (await joined(server)).handshake;
    expect([issued, time]).toEqual([now, String(new Date(now))]);
  }
});

test("SO28 time-outs of acknowledgements run on the server's clock", async () => {
  const server = new MemoryServer();
  const socket = await joined(server);
  const outcomes: string[] = [];
  for (const timeout of [300, 100, 200]) {
    socket.timeout(timeout).emit("x", () => void outcomes.push(`${timeout}`));
  }
  server.clock.advance(250);
  expect(outcomes).toEqual(["100", "200"]);
  server.clock.advance(50);
  expect(outcomes).toEqual(["100", "200", "300"]);
});

test("SO36 a broadcast is framed once, however many hear it", async () => {
  const server = new MemoryServer();
  const peers = [await server.join(), await server.join(), await server.join()];
  const before = server.framer.prepared;
  server.emit("x", "y");
  expect(server.framer.prepared - before).toBe(1);
  for (const peer of peers) expect(await peer.next()).toBe('42["x","y"]');
});

test("SO36 a broadcast that nobody hears is not encoded", () => {
  const server = new MemoryServer();
  const data = {
    toJSON(): never {
      throw new Error("encoded");
    },
  };
  expect(server.to("nobody").emit("x", data)).toBe(true);
});

test("SO58 errors of listeners go to the platform, once each, and the next listener is called", async () => {
  const server = new MemoryServer();
  const heard: number[] = [];
  const first = new Error("first");
  server.on("connection", () => {
    throw first;
  });
  server.on("connection", () => void heard.push(1));
  await server.join();
  expect(server.surfaced).toEqual([first]);
  expect(heard).toEqual([1]);
});

test("SO59 a handler that takes over hears the event, and null where there is no socket", async () => {
  const told: unknown[][] = [];
  const server = new MemoryServer({ onListenerError: (...args) => void told.push(args) });
  server.on("new_namespace", () => {
    throw new Error("no");
  });
  server.of("/a");
  expect(told).toEqual([
    [expect.objectContaining({ message: "no" }), null, "new_namespace", "listener"],
  ]);
  expect(server.surfaced).toEqual([]);
});

test("NH11 shutting down tells sockets, closes adapters, then cuts the connections", async () => {
  const server = new MemoryServer();
  const order: string[] = [];
  const socket = await joined(server);
  socket.on("disconnect", (reason: string) => void order.push(reason));
  socket.conn.on("close", () => void order.push("cut"));
  const { adapter } = server.sockets;
  Object.assign(adapter, {
    close: async () => {
      await Promise.resolve();
      order.push("adapter");
    },
  });
  await server.end();
  expect(order).toEqual(["server shutting down", "adapter", "cut"]);
  expect(server.engine.connections.size).toBe(0);
  expect(server.clock.pending).toBe(0);
});

test("SO8 the in-memory adapter warns that there is nobody to hear serverSideEmit", () => {
  const server = new MemoryServer();
  expect(server.serverSideEmit("x")).toBe(true);
  expect(server.warnings).toEqual([expect.stringContaining("does not support")]);
});
