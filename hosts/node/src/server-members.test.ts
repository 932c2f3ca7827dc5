// Members of the server, listeners on it, attaching it and closing it. Every test runs against Socket.IO too
// (CONTROL=socket.io).

import { type EventEmitter, once } from "node:events";
import { createServer } from "node:http";
import { expect, test } from "vitest";
import {
  event,
  isControl,
  listen,
  RunningServer,
  record,
  ServerUnderTest,
  startServer,
} from "../test/running-server.ts";
import { ask, POLLING, PollingPeer, WirePeer } from "../test/wire.ts";

const library = (isControl ? await import("socket.io") : await import("./index.ts")) as Record<
  string,
  unknown
>;

test("NH13 the module exports Server, Namespace and Socket", () => {
  for (const name of ["Server", "Namespace", "Socket"])
    expect(library[name]).toBeTypeOf("function");
});

test("NH13 sockets and namespaces are instances of the exported classes", async () => {
  await using server = await startServer();
  const { socket } = await server.pair();
  const { Namespace, Server, Socket } = library as Record<string, new () => object>;
  expect(server.io).toBeInstanceOf(Server);
  expect(server.io.of("/a")).toBeInstanceOf(Namespace);
  expect(server.io.of(/^\/b/)).toBeInstanceOf(Namespace);
  expect(socket).toBeInstanceOf(Socket);
});

test("NH10 adapter() is the class or function by which adapters are made", async () => {
  const io = new ServerUnderTest();
  const Made = io.adapter() as unknown as new (nsp: unknown) => object;
  expect(io.sockets.adapter).toBeInstanceOf(Made);
  expect(new ServerUnderTest({ adapter: Made as never }).adapter()).toBe(Made);
});

test("NH10 the defaults of the server's own options", () => {
  const io = new ServerUnderTest();
  expect([io.path(), io.serveClient(), io.connectTimeout()]).toEqual(["/socket.io", true, 45_000]);
});

test.each([
  ["", "/socket.io"],
  ["/", ""],
  ["/a/", "/a"],
  ["/a//", "/a/"],
  ["a", "a"],
])("NH9 the path %j is %j", (path, expected) => {
  expect(new ServerUnderTest({ path }).path()).toBe(expected);
});

test("SO7 the main namespace exists from the start, and sockets is the same", () => {
  const io = new ServerUnderTest();
  expect(io.sockets).toBe(io.of("/"));
  expect(io.sockets.name).toBe("/");
  expect(io.sockets.server).toBe(io);
  expect([...io.sockets.sockets]).toEqual([]);
});

test("SO7 use, send, write and connectTimeout(v) return what they were called on", () => {
  const io = new ServerUnderTest();
  const nsp = io.of("/a");
  expect(io.use((_socket, next) => next())).toBe(io);
  expect(io.send("x")).toBe(io);
  expect(io.write("x")).toBe(io);
  expect(nsp.use((_socket, next) => next())).toBe(nsp);
  expect(nsp.send("x")).toBe(nsp);
  expect(nsp.write("x")).toBe(nsp);
  expect(nsp.on("connection", () => {})).toBe(nsp);
});

test("SO34 what acts on many sockets returns nothing, emits return true", async () => {
  await using server = await startServer();
  const { io } = server;
  const { socket } = await server.pair();
  for (const each of [io, io.of("/a"), io.to("r"), socket.broadcast]) {
    expect(each.emit("x")).toBe(true);
    expect(each.timeout(1).emit("x", () => {})).toBe(true);
    expect(each.socketsJoin("a")).toBeUndefined();
    expect(each.socketsLeave("a")).toBeUndefined();
  }
  expect(socket.emit("x")).toBe(true);
  expect(socket.emit("x", () => {})).toBe(true);
  expect(io.disconnectSockets()).toBeUndefined();
});

test("SO25 Node's listener methods on the server are those of the main namespace", () => {
  const { io, nsp } = ((server) => ({ io: server, nsp: server.sockets }))(new ServerUnderTest());
  const listener = (): void => {};
  io.on("connection", listener);
  io.once("a", listener);
  io.addListener("b", listener);
  io.prependListener("c", listener);
  io.prependOnceListener("d", listener);
  expect(nsp.eventNames()).toEqual(["connection", "a", "b", "c", "d"]);
  expect(io.eventNames()).toEqual(nsp.eventNames());
  expect(io.listeners("connection")).toEqual([listener]);
  expect(io.listeners("a" as never)).toEqual([listener]);
  expect([io.listenerCount("b"), io.listenerCount("none")]).toEqual([1, 0]);
  io.off("connection", listener);
  io.removeListener("b", listener);
  io.removeAllListeners("c");
  expect(nsp.eventNames()).toEqual(["a", "d"]);
  io.removeAllListeners();
  expect(nsp.eventNames()).toEqual([]);
});

test("SO25 rawListeners shows those that are for once as well", async () => {
  await using server = await startServer();
  const { socket } = await server.pair();
  const listener = (): void => {};
  socket.on("x", listener);
  socket.once("x", listener);
  expect(socket.listeners("x")).toEqual([listener, listener]);
  const raw = socket.rawListeners("x") as (((...args: unknown[]) => void) & {
    listener?: unknown;
  })[];
  expect(raw[0]).toBe(listener);
  expect(raw[1]?.listener).toBe(listener);
  expect(server.io.rawListeners("none")).toEqual([]);
});

test("SO25 events.once of Node takes sockets, namespaces and the server", async () => {
  await using server = await startServer();
  const joined = once(server.io as unknown as EventEmitter, "connection");
  const inside = once(server.io.of("/a") as unknown as EventEmitter, "connection");
  const { client, socket } = await server.pair();
  await server.pair("/a");
  expect((await joined)[0]).toBe(socket);
  expect((await inside)[0].nsp.name).toBe("/a");
  const heard = once(socket as unknown as EventEmitter, "x");
  client.emit("x", 1);
  expect(await heard).toEqual([1]);
});

test("SO25 listeners have what they were registered on as this", async () => {
  await using server = await startServer();
  const seen: unknown[] = [];
  server.io.on("connection", function (this: unknown) {
    seen.push(this);
  });
  server.io.of("/a").on("connection", function (this: unknown) {
    seen.push(this);
  });
  const { client, socket } = await server.pair();
  await server.pair("/a");
  const heard = new Promise<unknown>((resolve) => {
    socket.on("x", function (this: unknown) {
      resolve(this);
    });
  });
  client.emit("x");
  expect(await heard).toBe(socket);
  expect(seen).toEqual([server.io.sockets, server.io.of("/a")]);
});

test("NH3 attach makes the engine anew: the second HTTP server is served, with the same namespaces", async () => {
  await using first = await startServer();
  const http = createServer();
  first.io.attach(http);
  await listen(http);
  const second = new RunningServer(first.io, http);
  const { socket } = await second.pair();
  expect(first.io.sockets.sockets.get(socket.id)).toBe(socket);
  expect(first.io.httpServer).toBe(http);
  const closed = event(http, "close");
  socket.disconnect(true);
  http.closeAllConnections();
  http.close();
  await closed;
});

test("NH11 the end of the HTTP server ends its connections", async () => {
  const server = await startServer();
  const { client, socket } = await server.pair();
  const left = event(socket, "disconnect");
  const gone = event(client, "disconnect");
  server.http.close();
  // Only its end raises "close", and that waits for what is connected.
  server.http.closeAllConnections();
  client.io.engine.close();
  expect((await left)[0]).toBe("forced close");
  await gone;
  await server.io.close();
});

test("AD5 close: an adapter that cannot be closed keeps nothing from being closed", async () => {
  const server = await startServer();
  const { client } = await server.pair();
  await server.pair("/a");
  server.io.sockets.adapter.close = () => Promise.reject(new Error("no"));
  const gone = event(client, "disconnect");
  const closed = event(server.http, "close");
  await server.io.close();
  await gone;
  await closed;
  expect(server.io.engine.clientsCount).toBe(0);
});

test("NH11 close without connections calls back and resolves", async () => {
  const server = await startServer();
  const done: unknown[] = [];
  expect(await server.io.close((error) => void done.push(error))).toBeUndefined();
  expect(done).toEqual([undefined]);
  expect(server.http.listening).toBe(false);
});

test("NH11 close drops what waits for a poll", async () => {
  const server = await startServer();
  const joined = server.joined();
  const peer = await PollingPeer.open(server.port);
  await peer.post("40");
  const socket = await joined;
  await peer.poll();
  socket.emit("x");
  const left = event(socket, "disconnect");
  const closed = server.io.close();
  expect((await left)[0]).toBe("server shutting down");
  server.http.closeAllConnections();
  await closed;
  await expect(peer.poll()).rejects.toThrow();
});

test("NH11 after close the server can be attached again, and its namespaces keep their listeners", async () => {
  const first = await startServer();
  const joined = record(first.io, "connection");
  await first.pair();
  await first.io.close();
  const http = createServer();
  first.io.attach(http);
  await listen(http);
  await using second = new RunningServer(first.io, http);
  await second.pair();
  expect(joined).toHaveLength(2);
});

test("NH11 sockets emit while the server closes without an error", async () => {
  const server = await startServer();
  const { client, socket } = await server.pair();
  socket.on("disconnect", () => {
    socket.emit("x");
    socket.broadcast.emit("x");
    server.io.emit("x");
    expect(socket.connected).toBe(false);
  });
  const gone = event(client, "disconnect");
  await server.io.close();
  await gone;
});

test("NH3 an HTTP server that listens already can be attached to", async () => {
  const http = createServer();
  await listen(http);
  const io = new ServerUnderTest();
  io.attach(http);
  await using server = new RunningServer(io, http);
  const peer = await WirePeer.open(server.port);
  expect(await peer.join()).toMatch(/^40/);
  expect((await ask(server.port, POLLING)).status).toBe(200);
  peer.close();
});
