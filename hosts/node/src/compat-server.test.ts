// Rows of docs/compatibility.md about the server as a whole that no other test shows: members, delegation,
// closing. Every test runs against the real Socket.IO too (CONTROL=socket.io).

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

test("the module exports Server, Namespace and Socket", () => {
  for (const name of ["Server", "Namespace", "Socket"])
    expect(library[name]).toBeTypeOf("function");
});

test("sockets and namespaces are instances of the exported classes", async () => {
  await using server = await startServer();
  const { socket } = await server.pair();
  const { Namespace, Server, Socket } = library as Record<string, new () => object>;
  expect(server.io).toBeInstanceOf(Server);
  expect(server.io.of("/a")).toBeInstanceOf(Namespace);
  expect(server.io.of(/^\/b/)).toBeInstanceOf(Namespace);
  expect(socket).toBeInstanceOf(Socket);
});

test("adapter() is the class or function by which adapters are made", async () => {
  const io = new ServerUnderTest();
  const Made = io.adapter() as unknown as new (nsp: unknown) => object;
  expect(io.sockets.adapter).toBeInstanceOf(Made);
  expect(new ServerUnderTest({ adapter: Made as never }).adapter()).toBe(Made);
});

test("connectTimeout: 0 means the default", () => {
  expect(new ServerUnderTest({ connectTimeout: 0 }).connectTimeout()).toBe(45_000);
});

test("the defaults of the server's own options", () => {
  const io = new ServerUnderTest();
  expect([io.path(), io.serveClient(), io.connectTimeout()]).toEqual(["/socket.io", true, 45_000]);
});

test.each([
  ["", "/socket.io"],
  ["/", ""],
  ["/a/", "/a"],
  ["/a//", "/a/"],
  ["a", "a"],
])("the path %j is %j", (path, expected) => {
  expect(new ServerUnderTest({ path }).path()).toBe(expected);
});

test("the main namespace exists from the start, and sockets is the same", () => {
  const io = new ServerUnderTest();
  expect(io.sockets).toBe(io.of("/"));
  expect(io.sockets.name).toBe("/");
  expect(io.sockets.server).toBe(io);
  expect([...io.sockets.sockets]).toEqual([]);
});

test("use, send, write and connectTimeout(v) return what they were called on", () => {
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

test("what acts on many sockets returns nothing, emits return true", async () => {
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

test("Node's listener methods on the server are those of the main namespace", () => {
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

test("rawListeners shows those that are for once as well", async () => {
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

test("events.once of Node takes sockets, namespaces and the server", async () => {
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

test("listeners have what they were registered on as this", async () => {
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

test("attach makes the engine anew: the second HTTP server is served, with the same namespaces", async () => {
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

test("the end of the HTTP server ends its connections", async () => {
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

test("close: the sockets of every namespace hear of it before any adapter is closed", async () => {
  const server = await startServer();
  const order: string[] = [];
  const pairs = [await server.pair(), await server.pair("/a"), await server.pair("/b")];
  for (const { socket } of pairs) {
    const { nsp } = socket;
    socket.on("disconnect", (reason) => order.push(`${nsp.name} ${reason}`));
    const close = nsp.adapter.close.bind(nsp.adapter);
    nsp.adapter.close = async () => {
      await new Promise(setImmediate);
      order.push(`${nsp.name} adapter`);
      await close();
    };
  }
  await server.io.close();
  expect(order).toEqual([
    "/ server shutting down",
    "/a server shutting down",
    "/b server shutting down",
    "/ adapter",
    "/a adapter",
    "/b adapter",
  ]);
});

test("close: an adapter that cannot be closed keeps nothing from being closed", async () => {
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

test("close without connections calls back and resolves", async () => {
  const server = await startServer();
  const done: unknown[] = [];
  expect(await server.io.close((error) => void done.push(error))).toBeUndefined();
  expect(done).toEqual([undefined]);
  expect(server.http.listening).toBe(false);
});

test("close drops what waits for a poll", async () => {
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

test("after close the server can be attached again, and its namespaces keep their listeners", async () => {
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

test("sockets emit while the server closes without an error", async () => {
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

test("the server's prototype pollution by others does no harm", async () => {
  const polluted = Object.prototype as unknown as Record<string, unknown>;
  polluted["foo"] = () => "bar";
  try {
    await using server = await startServer();
    const { client, socket } = await server.pair();
    socket.emit("x", { a: 1 });
    expect(await event(client, "x")).toEqual([{ a: 1 }]);
  } finally {
    delete polluted["foo"];
  }
});

test("requests for the path without its slash are left to the HTTP server", async () => {
  await using server = await startServer();
  server.http.on("request", (request, response) => {
    if (request.url === "/socket.io") response.end("mine");
  });
  expect((await ask(server.port, "/socket.io")).text).toBe("mine");
});

test("an HTTP server that listens already can be attached to", async () => {
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
