// Members of a socket: state, rooms, names of events and rooms, what disconnect() does and when. Every test runs
// against Socket.IO too (CONTROL=socket.io).

import { expect, test } from "vitest";
import {
  answerFences,
  event,
  record,
  type ServerSocket,
  settled,
  startServer,
} from "../test/running-server.ts";
import { WirePeer } from "../test/wire.ts";

/** A peer without a client, and its socket. */
async function joinedPeer(server: Awaited<ReturnType<typeof startServer>>, nsp = "/") {
  const joined = server.joined(nsp);
  const peer = await WirePeer.open(server.port);
  await peer.join(nsp);
  return { peer, socket: await joined };
}

test("SO15 connected and disconnected are opposites, from middleware to the end", async () => {
  await using server = await startServer();
  const seen: boolean[][] = [];
  const note = (socket: ServerSocket): void =>
    void seen.push([socket.connected, socket.disconnected]);
  server.io.use((socket, next) => {
    note(socket);
    next();
  });
  server.io.on("connection", note);
  const { client, socket } = await server.pair();
  socket.on("disconnecting", () => note(socket));
  socket.on("disconnect", () => note(socket));
  const left = event(socket, "disconnect");
  client.disconnect();
  await left;
  expect(seen).toEqual([
    [false, true],
    [true, false],
    [true, false],
    [false, true],
  ]);
});

test("SO57 a socket is in sockets by its id until it has left", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair("/a");
  const { sockets } = server.io.of("/a");
  expect([...sockets.keys()]).toEqual([socket.id]);
  const left = event(socket, "disconnect");
  client.disconnect();
  await left;
  expect(sockets.size).toBe(0);
});

test("SO35 modifiers return the socket itself, addresses a new operator each", async () => {
  await using server = await startServer();
  const { socket } = await server.pair();
  for (const same of [socket.volatile, socket.compress(true), socket.timeout(5)] as unknown[]) {
    expect(same).toBe(socket);
  }
  const operators = [socket.to("a"), socket.in("a"), socket.except("a"), socket.broadcast];
  expect(new Set([...operators, socket.local, socket.broadcast]).size).toBe(6);
});

test("SO40 rooms may have any value that a Map takes as key", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  answerFences(client);
  const heard = record(client, "x");
  const key = { an: "object" };
  for (const room of [1, key, ""] as unknown as string[]) {
    void socket.join(room);
    server.io.to(room).emit("x", String(room));
  }
  await settled(socket);
  expect(heard).toEqual([["1"], ["[object Object]"], [""]]);
});

test("SO40 join and leave return what the adapter returns", async () => {
  await using server = await startServer();
  const { socket } = await server.pair();
  const promise = Promise.resolve();
  socket.nsp.adapter.addAll = () => promise;
  socket.nsp.adapter.del = () => promise;
  expect(socket.join("a")).toBe(promise);
  expect(socket.leave("a")).toBe(promise);
});

test("SO25 symbols and the empty name: what Node's emitter takes, listeners take", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  const heard = event(socket, "");
  client.emit("", 1);
  expect(await heard).toEqual([1]);
  const name = Symbol("x");
  const listener = (): void => {};
  socket.on(name as unknown as string, listener);
  expect(socket.listeners(name as unknown as string)).toEqual([listener]);
  expect(socket.eventNames()).toContain(name);
});

test("SO24 names that members have are events like any other", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  for (const name of ["__proto__", "constructor", "toString", "join", "message", "connection"]) {
    const heard = event(socket, name);
    client.emit(name, name);
    expect(await heard).toEqual([name]);
  }
});

test("SO47 disconnect() answers with the socket, twice as well", async () => {
  await using server = await startServer();
  const { socket } = await server.pair();
  expect(socket.disconnect()).toBe(socket);
  expect(socket.disconnect(true)).toBe(socket);
});

test("SO15 disconnect before CONNECT is through is ignored", async () => {
  await using server = await startServer();
  server.io.use((socket, next) => {
    socket.disconnect(true);
    next();
  });
  const { socket } = await server.pair();
  expect(socket.connected).toBe(true);
});

test("SO40 rooms joined in disconnect are none", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  const left = new Promise<void>((resolve) => {
    socket.on("disconnect", () => {
      void socket.join("late");
      resolve();
    });
  });
  client.disconnect();
  await left;
  expect(server.io.sockets.adapter.rooms.has("late")).toBe(false);
  expect(server.io.sockets.adapter.sids.has(socket.id)).toBe(false);
});

test("SO53 what comes after the server put the peer out of the namespace is ignored", async () => {
  await using server = await startServer();
  const other = server.joined("/a");
  const { peer, socket } = await joinedPeer(server);
  await peer.join("/a");
  const heard = record(socket, "x");
  socket.on("leave", () => void socket.disconnect());
  // One segment: the peer cannot have heard of it.
  (peer.ws as unknown as { _socket: { cork(): void; uncork(): void } })._socket.cork();
  peer.send('42["leave"]');
  peer.send('42["x"]');
  peer.send('42/a,["x"]');
  (peer.ws as unknown as { _socket: { cork(): void; uncork(): void } })._socket.uncork();
  await event(await other, "x");
  expect(heard).toEqual([]);
  expect(await peer.next()).toBe("41");
  expect(await peer.join()).toMatch(/^40\{/);
  peer.close();
});

test("SO20 onAny family: each returns the socket, lists are in order", async () => {
  await using server = await startServer();
  const { socket } = await server.pair();
  const [a, b, c] = [() => {}, () => {}, () => {}];
  expect(socket.onAny(a)).toBe(socket);
  expect(socket.onAny(b)).toBe(socket);
  expect(socket.prependAny(c)).toBe(socket);
  expect(socket.listenersAny()).toEqual([c, a, b]);
  expect(socket.offAny(a)).toBe(socket);
  expect(socket.listenersAny()).toEqual([c, b]);
  expect(socket.onAnyOutgoing(a)).toBe(socket);
  expect(socket.prependAnyOutgoing(b)).toBe(socket);
  expect(socket.listenersAnyOutgoing()).toEqual([b, a]);
  expect(socket.offAnyOutgoing(b)).toBe(socket);
  expect(socket.offAnyOutgoing()).toBe(socket);
  expect(socket.listenersAnyOutgoing()).toEqual([]);
  expect(socket.offAny()).toBe(socket);
  expect(socket.listenersAny()).toEqual([]);
});

test("SO20 onAny hears events whose name has no listener, and not those of the library", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  const heard: unknown[] = [];
  socket.onAny((...args: unknown[]) => heard.push(args));
  client.emit("unknown", 1);
  const left = event(socket, "disconnect");
  client.emit("more");
  client.disconnect();
  await left;
  expect(heard).toEqual([["unknown", 1], ["more"]]);
});
