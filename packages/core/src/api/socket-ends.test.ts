// What cannot be sent, and what becomes of questions and listeners at the end of a socket, over an engine in memory.

import { afterEach, expect, test } from "vitest";
import { MemoryServer } from "../../test/memory-server.ts";
import { come, read, sockets } from "../../test/recovering.ts";
import type { Socket } from "./socket.ts";

let server: MemoryServer;

afterEach(() => server.end());

function joined() {
  server = new MemoryServer({}, { pingInterval: 1e9, pingTimeout: 1e9 });
  const { raw } = come(server);
  return { raw, socket: sockets(server)[0] as Socket };
}

const circular: Record<string, unknown> = {};
circular["self"] = circular;

test.each([
  ["a bigint", 1n],
  ["circular data", circular],
  ["a bigint far inside", { deep: [2n] }],
])("SO19 %s throws where it was emitted, and nothing waits", async (_what, data) => {
  const { raw, socket } = joined();
  const idle = server.clock.pending;
  const callback = (): never => expect.unreachable();
  expect(() => socket.emit("x", data)).toThrow(TypeError);
  expect(() => socket.timeout(1).emit("x", data, callback)).toThrow(TypeError);
  expect(() => server.emit("x", data)).toThrow(TypeError);
  expect(() => server.timeout(1).emit("x", data, callback)).toThrow(TypeError);
  await expect(socket.emitWithAck("x", data)).rejects.toThrow(TypeError);
  await expect(server.timeout(1).emitWithAck("x", data)).rejects.toThrow(TypeError);
  expect(server.clock.pending).toBe(idle);
  server.clock.advance(10);
  expect(read(raw)).toEqual([]);
});

test("SO30 at disconnection is told who can be told that the answer will never come", async () => {
  const { raw, socket } = joined();
  const told: unknown[] = [];
  socket.emit("x", () => expect.unreachable());
  socket.timeout(60_000).emit("x", (error: Error) => void told.push(error.message));
  const promises = [socket.emitWithAck("x"), socket.timeout(60_000).emitWithAck("x")];
  raw.transmit("41");
  expect(told).toEqual(["socket has been disconnected"]);
  for (const asked of [...promises, socket.emitWithAck("after the end")]) {
    await expect(asked).rejects.toThrow("socket has been disconnected");
  }
});

test("SO31 an answer that cannot be serialised throws, and leaves room for another", () => {
  const { raw, socket } = joined();
  socket.on("ask", (answer: (data: unknown) => void) => {
    expect(() => answer(1n)).toThrow(TypeError);
    answer("better");
    answer("too late");
  });
  raw.transmit('427["ask"]');
  expect(server.surfaced).toEqual([]);
  expect(read(raw)).toEqual(['437["better"]']);
});

test("SO49 disconnecting once more from within does nothing more", () => {
  const { raw, socket } = joined();
  const told: unknown[] = [];
  socket.on("disconnecting", (reason: string) => {
    told.push(`disconnecting ${reason}, connected: ${socket.connected}`);
    socket.disconnect();
    socket.disconnect(true);
  });
  socket.on("disconnect", (reason: string) => {
    told.push(`disconnect ${reason}, connected: ${socket.connected}`);
  });
  raw.transmit("41");
  expect(told).toEqual([
    "disconnecting client namespace disconnect, connected: true",
    "disconnect client namespace disconnect, connected: false",
  ]);
});

test("SO48 disconnect(true) leaves every namespace, then closes the connection", async () => {
  const { raw, socket } = joined();
  server.of("/a");
  raw.transmit("40/a,");
  const [other] = server.of("/a").sockets.values();
  read(raw);
  socket.disconnect(true);
  expect([socket.connected, other?.connected]).toEqual([false, false]);
  expect(read(raw)).toEqual(["41", "41/a,"]);
  expect(await raw.closed).toBe(1005);
});

test("SO50 a connection that breaks the protocol ends its sockets with forced close", () => {
  const { raw, socket } = joined();
  const told: unknown[] = [];
  socket.on("error", (error: Error) => void told.push(error instanceof Error));
  socket.on("disconnect", (reason: string) => void told.push(reason));
  raw.transmit("49");
  expect(told).toEqual([true, "forced close"]);
});

test("SO52 a socket that has joined is not closed when the time for it is over", () => {
  const { raw, socket } = joined();
  server.clock.advance(50_000);
  expect(socket.connected).toBe(true);
  raw.transmit("41");
  server.clock.advance(50_000);
  expect(server.engine.connections.size).toBe(1);
});
