// Rooms: joining, leaving, the adapter's view of them, and doing things to many sockets at once.

import { expect, test } from "vitest";
import { event, isControl, record, ServerUnderTest, startServer } from "../test/running-server.ts";

test("SO40 join takes one room or several, leave takes one; rooms shows them at once", async () => {
  await using server = await startServer();
  const { socket } = await server.pair();
  const { rooms } = socket;
  expect([...rooms]).toEqual([socket.id]);
  expect(socket.join("a")).toBeUndefined();
  void socket.join(["b", "c"]);
  void socket.join("a");
  expect([...socket.rooms]).toEqual([socket.id, "a", "b", "c"]);
  expect([...rooms]).toEqual([socket.id, "a", "b", "c"]);
  expect(socket.leave("b")).toBeUndefined();
  void socket.leave("never joined");
  expect([...socket.rooms]).toEqual([socket.id, "a", "c"]);
  void socket.leave(socket.id);
  expect([...socket.rooms]).toEqual(["a", "c"]);
});

test("SO40 a number and its text are different rooms", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  void socket.join(1 as unknown as string);
  const heard = event(client, "number");
  server.io.to("1").emit("text");
  server.io.to(1 as unknown as string).emit("number");
  client.on("text", () => expect.unreachable());
  await heard;
  expect(socket.rooms.has("1")).toBe(false);
});

test("SO40 after disconnection there are no rooms, and none can be joined", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  void socket.join("a");
  const left = event(socket, "disconnect");
  client.disconnect();
  await left;
  void socket.join("b");
  expect([...socket.rooms]).toEqual([]);
  expect(server.io.sockets.adapter.rooms.size).toBe(0);
  expect(server.io.sockets.adapter.sids.size).toBe(0);
});

test("SO41 the adapter tells of rooms and members, in the order in which things happen", async () => {
  await using server = await startServer();
  const { adapter } = server.io.of("/");
  const seen: unknown[][] = [];
  for (const name of ["create-room", "join-room", "leave-room", "delete-room"] as const) {
    adapter.on(name, (...args: unknown[]) => void seen.push([name, ...args]));
  }
  const { socket } = await server.pair();
  const { id } = socket;
  void socket.join("a");
  void socket.join("a");
  void socket.leave("a");
  socket.disconnect();
  expect(seen).toEqual([
    ["create-room", id],
    ["join-room", id, id],
    ["create-room", "a"],
    ["join-room", "a", id],
    ["leave-room", "a", id],
    ["delete-room", "a"],
    ["leave-room", id, id],
    ["delete-room", id],
  ]);
});

test("SO41 the adapter's maps have the rooms of sockets and the sockets of rooms", async () => {
  await using server = await startServer();
  const one = await server.pair();
  const two = await server.pair();
  void one.socket.join("a");
  void two.socket.join(["a", "b"]);
  const { adapter } = server.io.of("/");
  expect(adapter.rooms.get("a")).toEqual(new Set([one.socket.id, two.socket.id]));
  expect(adapter.sids.get(two.socket.id)).toEqual(new Set([two.socket.id, "a", "b"]));
  expect([...adapter.rooms.keys()].sort()).toEqual([one.socket.id, two.socket.id, "a", "b"].sort());
  expect(await adapter.sockets(new Set(["b"]))).toEqual(new Set([two.socket.id]));
});

test("SO42 fetchSockets gives the addressed sockets", async () => {
  await using server = await startServer();
  const one = await server.pair();
  const two = await server.pair();
  const inside = await server.pair("/a");
  void two.socket.join("room");
  const { io } = server;
  expect(await io.fetchSockets()).toEqual([one.socket, two.socket]);
  expect(await io.in("room").fetchSockets()).toEqual([two.socket]);
  expect(await io.except("room").fetchSockets()).toEqual([one.socket]);
  expect(await io.of("/a").fetchSockets()).toEqual([inside.socket]);
  expect(await one.socket.broadcast.fetchSockets()).toEqual([two.socket]);
  expect(await io.in("nobody").fetchSockets()).toEqual([]);
});

test("SO42 allSockets gives their ids", async () => {
  await using server = await startServer();
  const one = await server.pair();
  const two = await server.pair();
  void two.socket.join("room");
  expect(await server.io.allSockets()).toEqual(new Set([one.socket.id, two.socket.id]));
  expect(await server.io.in("room").allSockets()).toEqual(new Set([two.socket.id]));
});

test("SO43 socketsJoin and socketsLeave move the addressed sockets", async () => {
  await using server = await startServer();
  const one = await server.pair();
  const two = await server.pair();
  void two.socket.join("b");
  expect(server.io.socketsJoin(["x", "y"])).toBeUndefined();
  server.io.in("b").socketsJoin("z");
  server.io.except("b").socketsLeave("x");
  server.io.socketsLeave(["y"]);
  expect([...one.socket.rooms]).toEqual([one.socket.id]);
  expect([...two.socket.rooms]).toEqual([two.socket.id, "b", "x", "z"]);
});

test("SO44 disconnectSockets puts the addressed sockets out of the namespace", async () => {
  await using server = await startServer();
  const one = await server.pair();
  const two = await server.pair();
  void two.socket.join("out");
  const gone = event(two.client, "disconnect");
  expect(server.io.in("out").disconnectSockets()).toBeUndefined();
  expect((await gone)[0]).toBe("io server disconnect");
  expect(server.io.engine.clientsCount).toBe(2);
  const closed = event(one.socket.conn, "close");
  server.io.disconnectSockets(true);
  await closed;
  expect(one.socket.connected).toBe(false);
});

test("SO45 data is an object of the application's, kept with the socket", async () => {
  await using server = await startServer();
  const { socket } = await server.pair();
  expect(socket.data).toEqual({});
  socket.data.user = "alice";
  expect(socket.data.user).toBe("alice");
  const [fetched] = await server.io.fetchSockets();
  expect(fetched?.data).toEqual({ user: "alice" });
  socket.data = "anything";
  expect(socket.data).toBe("anything");
});

test("SO46 an adapter of the application's own is asked for every namespace", async () => {
  await using server = await startServer();
  const Base = server.io.sockets.adapter.constructor as new (nsp: unknown) => object;
  const made: string[] = [];
  class Counting extends Base {
    constructor(nsp: { readonly name: string }) {
      super(nsp);
      made.push(nsp.name);
    }
  }
  const io = new ServerUnderTest({ adapter: Counting as never });
  io.of("/a");
  expect(made).toEqual(["/", "/a"]);
  expect(io.of("/a").adapter).toBeInstanceOf(Counting);
  expect(server.io.of("/").adapter).not.toBeInstanceOf(Counting);
  if (!isControl) {
    const byFunction = new ServerUnderTest({
      adapter: ((nsp: never) => new Counting(nsp)) as never,
    });
    expect(byFunction.of("/b").adapter).toBeInstanceOf(Counting);
  }
  expect(record(server.io, "nothing")).toEqual([]);
});
