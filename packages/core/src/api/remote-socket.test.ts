// Sockets of other servers, and engines of others: what adapters and engines bring that is not ours.

import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { MemoryServer } from "../../test/memory-server.ts";
import { come, read, sockets } from "../../test/recovering.ts";
import { RemoteSocket } from "./remote-socket.ts";
import { Socket } from "./socket.ts";

/** A server whose adapter finds its one socket as another server's, and that peer. */
async function remote() {
  const server = new MemoryServer({}, { pingInterval: 1e9, pingTimeout: 1e9 });
  const { raw } = come(server);
  const [socket] = sockets(server) as [Socket];
  const details = { id: socket.id, handshake: socket.handshake, rooms: ["r"], data: { a: 1 } };
  const adapter = server.sockets.adapter as unknown as { fetchSockets(): Promise<unknown[]> };
  adapter.fetchSockets = async () => [details, socket];
  const [found, own] = (await server.fetchSockets()) as [RemoteSocket, Socket];
  return { server, raw, socket, found, own };
}

test("AD2 what an adapter finds that is no socket of this server becomes one that can be spoken to", async () => {
  const { server, raw, socket, found, own } = await remote();
  expect(own).toBe(socket);
  expect(found).toBeInstanceOf(RemoteSocket);
  expect(found).not.toBeInstanceOf(Socket);
  expect([found.id, [...found.rooms], found.data]).toEqual([socket.id, ["r"], { a: 1 }]);
  expect(found.emit("x", 1)).toBe(true);
  found.join(["a", "b"]);
  found.leave("a");
  expect([...socket.rooms]).toEqual([socket.id, "b"]);
  const asked = found.timeout(1000).emitWithAck("ask");
  raw.transmit('430["yes"]');
  expect(await asked).toBe("yes");
  expect(found.disconnect()).toBe(found);
  expect(read(raw)).toEqual(['42["x",1]', '420["ask"]', "41"]);
  expect(socket.connected).toBe(false);
  await server.end();
});

test("AD2 disconnect(true) of such a socket ends its connection", async () => {
  const { server, raw, found } = await remote();
  found.disconnect(true);
  expect(await raw.closed).toBe(1005);
  await server.end();
});

test("SO8 serverSideEmit refuses the library's own events, and passes others to the adapter", async () => {
  const server = new MemoryServer();
  for (const name of ["connect", "connection", "new_namespace"]) {
    expect(() => server.serverSideEmit(name)).toThrow(`"${name}" is a reserved event name`);
  }
  expect(server.warnings).toEqual([]);
  expect(await server.serverSideEmitWithAck("x")).toEqual([]);
  await server.end();
});

test("AD7 what the start of an adapter rejects with is told under its name", async () => {
  const told: string[] = [];
  const Plain = new MemoryServer().sockets.adapter.constructor as new (nsp: object) => object;
  class Failing extends Plain {
    init(): Promise<void> {
      return Promise.reject("no");
    }
  }
  const server = new MemoryServer({
    adapter: Failing as never,
    onListenerError: (error, _socket, event) => void told.push(`${event}: ${error}`),
  });
  server.of("/a");
  await new Promise(setImmediate);
  expect(told).toEqual(Array(2).fill("adapter.init: no"));
  await server.end();
});

/** A connection of an engine that is not ours. */
class Foreign extends EventEmitter {
  readonly id = "foreign";
  readyState = "open";
  readonly transport = { name: "pigeon", writable: true };
  readonly written: unknown[] = [];
  write(data: unknown): void {
    this.written.push(data);
  }
  close(): void {
    if (this.readyState !== "open") return;
    this.readyState = "closed";
    this.emit("close", "forced close");
  }
}

test("EG60 connections of an engine that is bound are peers like any other", async () => {
  const server = new MemoryServer();
  const engine = Object.assign(new EventEmitter(), { close: () => {} });
  expect(server.bind(engine)).toBe(server);
  const foreign = new Foreign();
  engine.emit("connection", foreign);
  foreign.emit("data", "0");
  const [socket] = sockets(server) as [Socket];
  expect(foreign.written).toEqual([`0{"sid":"${socket.id}"}`]);
  const told: unknown[] = [];
  socket.on("x", (value) => told.push(value));
  socket.on("error", (error: Error) => told.push(error.message));
  socket.on("disconnect", (reason: string) => told.push(reason));
  foreign.emit("data", '2["x",1]');
  foreign.emit("error", new Error("broken"));
  expect(told).toEqual([1, "broken", "forced close"]);
  expect(foreign.readyState).toBe("closed");
  await server.end();
});

test("EG60 an engine that is bound is closed with the server", async () => {
  const server = new MemoryServer();
  let closings = 0;
  server.bind(Object.assign(new EventEmitter(), { close: () => void closings++ }));
  await server.end();
  expect(closings).toBe(1);
});
