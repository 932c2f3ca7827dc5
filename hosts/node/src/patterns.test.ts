// Names of namespaces, and the namespaces that are made from patterns. Every test runs against Socket.IO too
// (CONTROL=socket.io).

import { expect, test } from "vitest";
import {
  answerFences,
  event,
  type RunningServer,
  record,
  type ServerSocket,
  ServerUnderTest,
  settled,
  startServer,
} from "../test/running-server.ts";
import { WirePeer } from "../test/wire.ts";

type Next = (error: Error | null, isAllowed: boolean) => void;

/** A client that asks for a namespace which nobody has made by name. */
async function enter(server: RunningServer, name: string) {
  const client = server.fast(name);
  await event(client, "connect");
  const socket = server.io._nsps.get(name)?.sockets.get(client.id as string) as ServerSocket;
  return { client, socket };
}

test("SO57 name, sockets, adapter and server of a namespace", () => {
  const io = new ServerUnderTest();
  const nsp = io.of("a");
  expect(nsp.name).toBe("/a");
  expect(nsp.sockets).toBeInstanceOf(Map);
  expect(nsp.server).toBe(io);
  expect(nsp.adapter.nsp).toBe(nsp);
});

test("SO3 names are taken as they are: case, slashes, queries", async () => {
  await using server = await startServer();
  server.io.of("/a");
  const peer = await WirePeer.open(server.port);
  for (const name of ["/A", "/a/", "/a/b", "/%61"]) {
    expect(await peer.join(name)).toBe(`44${name},{"message":"Invalid namespace"}`);
  }
  expect(await peer.join("/a")).toMatch(/^40\/a,\{/);
  peer.close();
});

test("SO4 a second connection of one client is another socket", async () => {
  await using server = await startServer();
  const one = await server.pair("/a");
  const two = await server.pair("/a");
  expect(one.socket.id).not.toBe(two.socket.id);
  expect(one.socket.conn).not.toBe(two.socket.conn);
  expect(server.io.of("/a").sockets.size).toBe(2);
});

test("SO2 several listeners of connection are all called, of(name, listener) among them", async () => {
  await using server = await startServer();
  const order: number[] = [];
  const nsp = server.io.of("/a", () => void order.push(1));
  nsp.on("connection", () => void order.push(2));
  expect(server.io.of("/a", () => void order.push(3))).toBe(nsp);
  await server.pair("/a");
  expect(order).toEqual([1, 3, 2]);
});

test("SO70 an expression: matching names are joined, and become children", async () => {
  await using server = await startServer();
  const joined: string[] = [];
  const parent = server.io.of(/^\/dyn-\d+$/);
  parent.on("connection", (socket) => void joined.push(socket.nsp.name));
  const made: string[] = [];
  server.io.on("new_namespace", ({ name }) => void made.push(name));
  const { socket } = await enter(server, "/dyn-1");
  await enter(server, "/dyn-1");
  await enter(server, "/dyn-2");
  const [error] = await event(server.fast("/dyn-x"), "connect_error");
  expect(error.message).toBe("Invalid namespace");
  expect(joined).toEqual(["/dyn-1", "/dyn-1", "/dyn-2"]);
  expect(made).toEqual(["/dyn-1", "/dyn-2"]);
  expect(server.io.of("/dyn-1")).toBe(socket.nsp);
});

test("SO70 a function: asked with name, auth and next; an error or no refuses", async () => {
  await using server = await startServer();
  const asked: unknown[] = [];
  server.io.of((name: string, auth: { [key: string]: unknown }, next: Next) => {
    asked.push([name, auth]);
    next(name === "/error" ? new Error("no") : null, name === "/yes");
  });
  const peer = await WirePeer.open(server.port);
  expect(await peer.join("/yes", '{"token":"t"}')).toMatch(/^40\/yes,\{/);
  expect(await peer.join("/no")).toBe('44/no,{"message":"Invalid namespace"}');
  expect(await peer.join("/error")).toBe('44/error,{"message":"Invalid namespace"}');
  expect(asked).toEqual([
    ["/yes", { token: "t" }],
    ["/no", {}],
    ["/error", {}],
  ]);
  peer.close();
});

test("SO70 a function may decide later", async () => {
  await using server = await startServer();
  server.io.of((_name: string, _auth: unknown, next: Next) => {
    setImmediate(next, null, true);
  });
  const { socket } = await enter(server, "/later");
  expect(socket.nsp.name).toBe("/later");
});

test("SO70 patterns are asked in the order of their registration, until one allows", async () => {
  await using server = await startServer();
  const asked: string[] = [];
  const pattern = (label: string, isAllowed: boolean) =>
    server.io.of((_name: string, _auth: unknown, next: Next) => {
      asked.push(label);
      next(null, isAllowed);
    });
  pattern("first", false);
  const second = pattern("second", true);
  pattern("third", true);
  const joined = record(second, "connection");
  await enter(server, "/x");
  expect(asked).toEqual(["first", "second"]);
  expect(joined).toHaveLength(1);
});

test("SO70 a namespace that exists comes before any pattern", async () => {
  await using server = await startServer();
  const dynamic = record(server.io.of(/.*/), "connection");
  const fixed = record(server.io.of("/fixed"), "connection");
  server.io.of("/before");
  await enter(server, "/fixed");
  // Made by name after the expression: it belongs to it.
  expect([dynamic.length, fixed.length]).toEqual([1, 1]);
});

test("SO70 the main namespace is no child of a pattern that would match it", async () => {
  await using server = await startServer();
  const dynamic = record(server.io.of(/.*/), "connection");
  await server.pair();
  expect(dynamic).toEqual([]);
});

test("SO70 the pattern's name tells that it is none of the client's", async () => {
  const io = new ServerUnderTest();
  expect([io.of(/a/).name, io.of(/b/).name]).toEqual([
    expect.stringMatching(/^\/_\d+$/),
    expect.stringMatching(/^\/_\d+$/),
  ]);
});

test("SO71 emit and to of a pattern reach the sockets of its children", async () => {
  await using server = await startServer();
  const parent = server.io.of(/^\/dyn-/);
  const pairs = [await enter(server, "/dyn-1"), await enter(server, "/dyn-2")];
  const heard = pairs.map(({ client }) => record(answerFences(client), "x"));
  void pairs[0]?.socket.join("r");
  parent.emit("x", 1);
  parent.to("r").emit("x", 2);
  parent.except("r").emit("x", 3);
  await Promise.all(pairs.map(({ socket }) => settled(socket)));
  expect(heard).toEqual([
    [[1], [2]],
    [[1], [3]],
  ]);
});

test("SO70 children have what the pattern had when they were made, and nothing that came later", async () => {
  await using server = await startServer();
  const order: string[] = [];
  const parent = server.io.of(/^\/dyn-/);
  parent.use((_socket, next) => {
    order.push("early middleware");
    next();
  });
  parent.on("connection", () => void order.push("early"));
  await enter(server, "/dyn-1");
  parent.use((_socket, next) => {
    order.push("late middleware");
    next();
  });
  parent.on("connection", () => void order.push("late"));
  await enter(server, "/dyn-1");
  await enter(server, "/dyn-2");
  expect(order).toEqual([
    ...["early middleware", "early"],
    ...["early middleware", "early"],
    ...["early middleware", "late middleware", "early", "late"],
  ]);
});

test("SO72 cleanupEmptyChildNamespaces: the last one to leave takes the namespace and its adapter along", async () => {
  await using server = await startServer({ cleanupEmptyChildNamespaces: true });
  server.io.of(/^\/dyn-/);
  const one = await enter(server, "/dyn-1");
  const two = await enter(server, "/dyn-1");
  const { adapter } = one.socket.nsp;
  let closed = 0;
  adapter.close = () => {
    closed += 1;
  };
  for (const { client, socket } of [one, two]) {
    expect(server.io._nsps.has("/dyn-1")).toBe(true);
    const left = event(socket, "disconnect");
    client.disconnect();
    await left;
  }
  expect(server.io._nsps.has("/dyn-1")).toBe(false);
  expect(closed).toBe(1);
  // And it can be made again.
  const again = await enter(server, "/dyn-1");
  expect(again.socket.nsp).not.toBe(one.socket.nsp);
});
