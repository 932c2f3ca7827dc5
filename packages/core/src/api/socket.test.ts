// What a server socket does, over an engine in memory: joining, what it sends, its addresses and flags, and leaving.

import { afterEach, expect, test } from "vitest";
import { MemoryServer } from "../../test/memory-server.ts";
import type { Socket } from "./socket.ts";

let server: MemoryServer;

afterEach(() => server.end());

/** A peer in the main namespace, and its socket. */
async function joined(options: object = {}) {
  server = new MemoryServer(options);
  const socket = nextSocket();
  const raw = await server.join();
  return { raw, socket: await socket };
}

/** The socket that joins next. */
function nextSocket(name = "/"): Promise<Socket> {
  return new Promise((resolve) => server.of(name).once("connection", resolve as never));
}

test("SO6 events that are sent with CONNECT in one turn find the listeners of connection", async () => {
  server = new MemoryServer();
  const heard: unknown[] = [];
  server.on("connection", (socket) => void socket.on("x", (value) => heard.push(value)));
  const raw = server.dial();
  raw.transmit("40");
  raw.transmit('42["x",1]');
  expect(await raw.next()).toMatch(/^40\{/);
  expect(heard).toEqual([1]);
});

test("SO47 what is emitted after disconnect() is not sent, though the connection stays", async () => {
  const { raw, socket } = await joined();
  socket.disconnect();
  expect(await raw.next()).toBe("41");
  expect(socket.emit("x", 1)).toBe(true);
  raw.transmit("40");
  expect(await raw.next()).toMatch(/^40\{/);
});
