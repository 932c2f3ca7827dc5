// Rows of docs/compatibility.md about addressing many sockets. Every test runs against the real Socket.IO too
// (CONTROL=socket.io).

import { expect, test } from "vitest";
import { crowd, type Pair } from "../test/crowd.ts";
import { event, record, startServer } from "../test/running-server.ts";
import { WirePeer } from "../test/wire.ts";

type Anything = (...args: unknown[]) => unknown;

test("to, in and except take one name or a list; several calls add up", async () => {
  await using server = await startServer();
  const { sockets, heard, settle } = await crowd(server, 4);
  const [a, b, c] = sockets;
  void a?.join("a");
  void b?.join("b");
  void c?.join(["a", "b", "c"]);
  const { io } = server;
  io.to("a").emit("x", 1);
  io.to(["a", "b"]).emit("x", 2);
  io.to("a").to("b").emit("x", 3);
  io.in("a").to(["b"]).except("c").emit("x", 4);
  io.except(["a", "b"]).emit("x", 5);
  io.except("a").except("b").emit("x", 6);
  io.to("nobody").emit("x", 7);
  await settle();
  expect(heard.map((each) => each.map(([value]) => value))).toEqual([
    [1, 2, 3, 4],
    [2, 3, 4],
    [1, 2, 3],
    [5, 6],
  ]);
});

test("except takes ids of sockets, which are rooms", async () => {
  await using server = await startServer();
  const { sockets, heard, settle } = await crowd(server, 2);
  server.io.except(sockets[0]?.id as string).emit("x", 1);
  await settle();
  expect(heard).toEqual([[], [[1]]]);
});

test("operators of namespaces stay in them", async () => {
  await using server = await startServer();
  const inside = await crowd(server, 1, "/a");
  const outside = await crowd(server, 1);
  void inside.sockets[0]?.join("r");
  void outside.sockets[0]?.join("r");
  server.io.of("/a").to("r").emit("x", 1);
  server.io.of("/a").local.emit("x", 2);
  server.io.of("/a").compress(false).emit("x", 3);
  await inside.settle();
  await outside.settle();
  expect(inside.heard).toEqual([[[1], [2], [3]]]);
  expect(outside.heard).toEqual([[]]);
});

test("send and write of a namespace emit message to everybody", async () => {
  await using server = await startServer();
  const { clients, settle } = await crowd(server, 2, "/a");
  const heard = clients.map((client) => record(client, "message"));
  server.io.of("/a").send("one", 1);
  server.io.of("/a").write("two");
  await settle();
  expect(heard).toEqual([
    [["one", 1], ["two"]],
    [["one", 1], ["two"]],
  ]);
});

test("an operator can be kept and used again", async () => {
  await using server = await startServer();
  const { sockets, heard, settle } = await crowd(server, 2);
  const room = server.io.to("r");
  void sockets[0]?.join("r");
  room.emit("x", 1);
  void sockets[1]?.join("r");
  room.emit("x", 2);
  room.except("nobody").emit("x", 3);
  await settle();
  expect(heard).toEqual([
    [[1], [2], [3]],
    [[2], [3]],
  ]);
});

test("broadcasts are refused reserved names, whatever the address", async () => {
  await using server = await startServer();
  const { sockets } = await crowd(server, 1);
  for (const name of ["connect", "connect_error", "disconnect", "disconnecting", "newListener"]) {
    const text = `"${name}" is a reserved event name`;
    expect(() => server.io.of("/a").emit(name)).toThrow(text);
    expect(() => server.io.to("r").emit(name)).toThrow(text);
    expect(() => sockets[0]?.broadcast.emit(name)).toThrow(text);
  }
});

test("acknowledgements of many: the first argument of each, in the order of the answers", async () => {
  await using server = await startServer();
  const { clients } = await crowd(server, 3);
  let release: Anything = () => {};
  clients[0]?.on("ask", (answer: Anything) => {
    release = answer;
  });
  clients[1]?.on("ask", (answer: Anything) => answer("b", "more"));
  clients[2]?.on("ask", (answer: Anything) => {
    answer("c");
    setTimeout(() => release("a"), 10);
  });
  const responses = (await server.io.timeout(5000).emitWithAck("ask")) as unknown[];
  expect([...responses].sort()).toEqual(["a", "b", "c"]);
  expect(responses.at(-1)).toBe("a");
});

test("an answer without arguments counts as undefined", async () => {
  await using server = await startServer();
  const { clients } = await crowd(server, 1);
  clients[0]?.on("ask", (answer: Anything) => answer());
  expect(await server.io.timeout(5000).emitWithAck("ask")).toEqual([undefined]);
});

test("the time-out of many: an Error, and the answers so far", async () => {
  await using server = await startServer();
  const { clients } = await crowd(server, 2);
  clients[0]?.on("ask", (answer: Anything) => answer("a"));
  const args = await new Promise<unknown[]>((resolve) => {
    server.io.timeout(400).emit("ask", (...rest: unknown[]) => resolve(rest));
  });
  expect(args).toEqual([expect.any(Error), ["a"]]);
  expect(args[0]).toMatchObject({ message: "operation has timed out" });
  const error = await server.io
    .timeout(400)
    .emitWithAck("ask")
    .catch((reason: unknown) => reason);
  expect(error).toMatchObject({ message: "operation has timed out", responses: ["a"] });
});

test("acknowledgements of nobody: null and an empty list", async () => {
  await using server = await startServer();
  const args = await new Promise<unknown[]>((resolve) => {
    server.io
      .to("nobody")
      .timeout(5000)
      .emit("ask", (...rest: unknown[]) => resolve(rest));
  });
  expect(args).toEqual([null, []]);
});

test("a socket's broadcast with acknowledgement does not ask the socket itself", async () => {
  await using server = await startServer();
  const { clients, sockets } = await crowd(server, 3);
  for (const [at, client] of clients.entries()) client.on("ask", (answer: Anything) => answer(at));
  const responses = await sockets[0]?.broadcast.timeout(5000).emitWithAck("ask");
  expect([...(responses as number[])].sort()).toEqual([1, 2]);
});

test("all sockets of a broadcast with acknowledgement get the same number", async () => {
  await using server = await startServer();
  const peers = [await WirePeer.open(server.port), await WirePeer.open(server.port)];
  for (const peer of peers) await peer.join();
  const asked = server.io.timeout(5000).emitWithAck("ask", 1);
  expect(await Promise.all(peers.map((peer) => peer.next()))).toEqual([
    '420["ask",1]',
    '420["ask",1]',
  ]);
  for (const peer of peers) peer.send('430["ok"]');
  expect(await asked).toEqual(["ok", "ok"]);
  for (const peer of peers) peer.close();
});

test("fetchSockets: with id, rooms, data and handshake, and ways to reach each", async () => {
  await using server = await startServer();
  const { clients, sockets, heard, settle } = await crowd(server, 3);
  void sockets[0]?.join("r");
  void sockets[1]?.join(["r", "s"]);
  (sockets[0] as Pair["socket"]).data = { name: "alice" };
  expect(await server.io.fetchSockets()).toHaveLength(3);
  expect(await server.io.of("/a").fetchSockets()).toEqual([]);
  expect((await server.io.in("r").except("s").fetchSockets()).map(({ id }) => id)).toEqual([
    sockets[0]?.id,
  ]);
  const [remote] = await server.io.in("r").local.fetchSockets();
  expect(remote?.data).toEqual({ name: "alice" });
  expect([...(remote?.rooms ?? [])]).toEqual([sockets[0]?.id, "r"]);
  expect(remote?.handshake).toMatchObject({ xdomain: false, query: { EIO: "4" } });
  clients[0]?.on("ask", (answer: Anything) => answer("yes"));
  remote?.emit("x", 1);
  expect(await remote?.timeout(5000).emitWithAck("ask")).toBe("yes");
  void remote?.join("t");
  void remote?.leave("r");
  expect([...(sockets[0]?.rooms ?? [])]).toEqual([sockets[0]?.id, "t"]);
  await settle();
  expect(heard[0]).toEqual([[1]]);
  const left = event(sockets[0], "disconnect");
  remote?.disconnect();
  expect((await left)[0]).toBe("server namespace disconnect");
});

test("allSockets gives ids, of a room too", async () => {
  await using server = await startServer();
  const { sockets } = await crowd(server, 2);
  void sockets[1]?.join("r");
  expect(await server.io.allSockets()).toEqual(new Set(sockets.map(({ id }) => id)));
  expect(await server.io.in("r").allSockets()).toEqual(new Set([sockets[1]?.id]));
});

test("socketsJoin and socketsLeave take one name or a list, and act at once", async () => {
  await using server = await startServer();
  const { sockets } = await crowd(server, 2);
  const [one, two] = sockets;
  server.io.socketsJoin("a");
  server.io.in("a").socketsJoin(["b", "c"]);
  one?.broadcast.socketsJoin("d");
  server.io.in(one?.id as string).socketsLeave(["a", "b"]);
  server.io.except(one?.id as string).socketsLeave("c");
  expect([...(one?.rooms ?? [])]).toEqual([one?.id, "c"]);
  expect([...(two?.rooms ?? [])]).toEqual([two?.id, "a", "b", "d"]);
});

test("disconnectSockets: out of the namespace, or, with true, the whole connection", async () => {
  await using server = await startServer();
  const { pairs, sockets } = await crowd(server, 2);
  const [one, two] = pairs as [Pair, Pair];
  void sockets[0]?.join("r");
  const gone = [event(one.client, "disconnect"), event(two.client, "disconnect")];
  server.io.in("r").disconnectSockets();
  expect((await gone[0])?.[0]).toBe("io server disconnect");
  expect(server.io.engine.clientsCount).toBe(2);
  server.io.disconnectSockets(true);
  expect((await gone[1])?.[0]).toBe("io server disconnect");
  await expect.poll(() => server.io.engine.clientsCount).toBe(1);
});

test("serverSideEmit refuses connect, connection and new_namespace, and says true otherwise", async () => {
  await using server = await startServer();
  for (const name of ["connect", "connection", "new_namespace"]) {
    expect(() => server.io.serverSideEmit(name as never)).toThrow(
      `"${name}" is a reserved event name`,
    );
  }
  const heard = record(server.io, "hello");
  expect(server.io.serverSideEmit("hello" as never, 1 as never)).toBe(true);
  expect(server.io.of("/a").serverSideEmit("hello" as never)).toBe(true);
  expect(heard).toEqual([]);
});
