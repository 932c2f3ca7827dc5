// Namespaces: their names, who may join, and what the wire shows of joining.

import { expect, test } from "vitest";
import { event, isControl, record, startServer } from "../test/running-server.ts";
import { WirePeer } from "../test/wire.ts";

test("SO1 a namespace is made once, whatever way its name is written", async () => {
  await using server = await startServer();
  const chat = server.io.of("/chat");
  expect(chat.name).toBe("/chat");
  expect(server.io.of("chat")).toBe(chat);
  expect(server.io.of("/")).toBe(server.io.sockets);
  expect(server.io.of("")).toBe(server.io.sockets);
  expect(server.io.of("/chat/")).not.toBe(chat);
});

test("SO1 the empty name on the client's side is the main namespace", async () => {
  await using server = await startServer();
  const joined = record(server.io, "connection");
  const clients = [server.fast(""), server.fast("/")];
  await Promise.all(clients.map((client) => event(client, "connect")));
  expect(joined).toHaveLength(2);
});

test("SO2 of(name, listener) adds a connection listener", async () => {
  await using server = await startServer();
  const seen: string[] = [];
  server.io.of("/a", (socket) => void seen.push(socket.id));
  const { socket } = await server.pair("/a");
  expect(seen).toEqual([socket.id]);
});

test("SO2 new_namespace is raised on the main namespace for every other one, once", async () => {
  await using server = await startServer();
  const made: string[] = [];
  server.io.on("new_namespace", (nsp) => void made.push(nsp.name));
  server.io.of("/");
  server.io.of("/a");
  server.io.of("a");
  server.io.of("/b");
  expect(made).toEqual(["/a", "/b"]);
});

test("SO3 an unknown namespace is refused with Invalid namespace, and the connection stays", async () => {
  await using server = await startServer();
  const peer = await WirePeer.open(server.port);
  expect(await peer.join("/nowhere")).toBe('44/nowhere,{"message":"Invalid namespace"}');
  expect(await peer.join()).toMatch(/^40\{"sid":/);
  peer.close();
});

test("SO4 namespaces share a connection; each socket has an id of its own, unlike the session's", async () => {
  await using server = await startServer();
  server.io.of("/a");
  const joined = [server.joined(), server.joined("/a")];
  const peer = await WirePeer.open(server.port);
  const answers = [await peer.join(), await peer.join("/a")];
  const sockets = await Promise.all(joined);
  const [main, other] = sockets;
  expect(main?.conn).toBe(other?.conn);
  expect(main?.client).toBe(other?.client);
  expect(server.io.engine.clientsCount).toBe(1);
  const conns = sockets.slice(0, 1).map(({ conn }) => conn as unknown as { id: string });
  const ids = [...sockets, ...conns].map(({ id }) => id);
  expect(new Set(ids).size).toBe(3);
  for (const id of ids) expect(id).toMatch(/^[\w-]{20}$/);
  expect(answers).toEqual([`40{"sid":"${ids[0]}"}`, `40/a,{"sid":"${ids[1]}"}`]);
  peer.close();
});

test("SO5 connect is raised before connection, with the same socket", async () => {
  await using server = await startServer();
  const heard: unknown[] = [];
  server.io.on("connection", (socket) => void heard.push("connection", socket));
  server.io.on("connect", (socket) => void heard.push("connect", socket));
  const { socket } = await server.pair();
  expect(heard).toEqual(["connect", socket, "connection", socket]);
});

test("SO6 the peer hears CONNECT before anything that a connection listener sends", async () => {
  await using server = await startServer();
  server.io.on("connection", (socket) => {
    expect(socket.connected).toBe(true);
    expect(server.io.sockets.sockets.get(socket.id)).toBe(socket);
    expect([...socket.rooms]).toEqual([socket.id]);
    socket.emit("welcome");
    server.io.emit("news");
    void socket.join("room");
    server.io.to("room").emit("to room");
    socket.disconnect();
  });
  const peer = await WirePeer.open(server.port);
  expect(await peer.join()).toMatch(/^40\{"sid":/);
  expect([await peer.next(), await peer.next(), await peer.next(), await peer.next()]).toEqual([
    '42["welcome"]',
    '42["news"]',
    '42["to room"]',
    "41",
  ]);
  peer.close();
});

test("SO7 the server's own methods are those of the main namespace", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  const { io } = server;
  const heard = ["a", "b", "message", "c", "d"].map((name) => event(client, name));
  io.emit("a");
  io.to(socket.id).emit("b");
  io.send("s");
  io.except("nobody").emit("c");
  io.local.compress(false).emit("d");
  expect(await Promise.all(heard)).toEqual([[], [], ["s"], [], []]);
  expect(await io.fetchSockets()).toEqual([socket]);
  io.socketsJoin("room");
  expect(socket.rooms.has("room")).toBe(true);
  io.socketsLeave("room");
  expect(socket.rooms.has("room")).toBe(false);
  const listener = (): void => {};
  io.on("x" as never, listener as never);
  expect(io.sockets.listeners("x" as never)).toEqual([listener]);
  expect(io.listeners("x" as never)).toEqual([listener]);
  io.off("x" as never, listener as never);
  expect(io.sockets.listenerCount("x" as never)).toBe(0);
  const left = event(socket, "disconnect");
  io.disconnectSockets();
  expect((await left)[0]).toBe("server namespace disconnect");
});

test("SO8 serverSideEmit refuses the library's events, and warns that there is nobody to hear others", async () => {
  await using server = await startServer();
  for (const name of ["connect", "connection", "new_namespace"]) {
    expect(() => server.io.serverSideEmit(name)).toThrow(`"${name}" is a reserved event name`);
  }
  const own = record(server.io, "hello");
  if (!isControl) {
    const warned = event(process, "warning");
    expect(server.io.serverSideEmit("hello")).toBe(true);
    expect(String((await warned)[0])).toContain("does not support");
  }
  expect(own).toEqual([]);
});
