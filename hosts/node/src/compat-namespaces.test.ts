// Rows of docs/compatibility.md about namespaces, those made from patterns among them. Every test runs against
// the real Socket.IO too (CONTROL=socket.io).

import { expect, test } from "vitest";
import {
  answerFences,
  event,
  isControl,
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

test("name, sockets, adapter and server of a namespace", () => {
  const io = new ServerUnderTest();
  const nsp = io.of("a");
  expect(nsp.name).toBe("/a");
  expect(nsp.sockets).toBeInstanceOf(Map);
  expect(nsp.server).toBe(io);
  expect(nsp.adapter.nsp).toBe(nsp);
});

test("every name but the main namespace's must be made before it can be joined", async () => {
  await using server = await startServer();
  const client = server.fast("/nowhere");
  const [error] = await event(client, "connect_error");
  expect(error).toBeInstanceOf(Error);
  expect(error.message).toBe("Invalid namespace");
  server.io.of("/nowhere");
  const { socket } = await server.pair("/nowhere");
  expect(socket.nsp.name).toBe("/nowhere");
});

test("names are taken as they are: case, slashes, queries", async () => {
  await using server = await startServer();
  server.io.of("/a");
  const peer = await WirePeer.open(server.port);
  for (const name of ["/A", "/a/", "/a/b", "/%61"]) {
    expect(await peer.join(name)).toBe(`44${name},{"message":"Invalid namespace"}`);
  }
  expect(await peer.join("/a")).toMatch(/^40\/a,\{/);
  peer.close();
});

test("a second connection of one client is another socket", async () => {
  await using server = await startServer();
  const one = await server.pair("/a");
  const two = await server.pair("/a");
  expect(one.socket.id).not.toBe(two.socket.id);
  expect(one.socket.conn).not.toBe(two.socket.conn);
  expect(server.io.of("/a").sockets.size).toBe(2);
});

test("several listeners of connection are all called, of(name, listener) among them", async () => {
  await using server = await startServer();
  const order: number[] = [];
  const nsp = server.io.of("/a", () => void order.push(1));
  nsp.on("connection", () => void order.push(2));
  expect(server.io.of("/a", () => void order.push(3))).toBe(nsp);
  await server.pair("/a");
  expect(order).toEqual([1, 3, 2]);
});

test("an expression: matching names are joined, and become children", async () => {
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

test("a function: asked with name, auth and next; an error or no refuses", async () => {
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

test("a function may decide later", async () => {
  await using server = await startServer();
  server.io.of((_name: string, _auth: unknown, next: Next) => {
    setImmediate(next, null, true);
  });
  const { socket } = await enter(server, "/later");
  expect(socket.nsp.name).toBe("/later");
});

test("patterns are asked in the order of their registration, until one allows", async () => {
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

test("a namespace that exists comes before any pattern", async () => {
  await using server = await startServer();
  const dynamic = record(server.io.of(/.*/), "connection");
  const fixed = record(server.io.of("/fixed"), "connection");
  server.io.of("/before");
  await enter(server, "/fixed");
  // Made by name after the expression: it belongs to it.
  expect([dynamic.length, fixed.length]).toEqual([1, 1]);
});

test("the main namespace is no child of a pattern that would match it", async () => {
  await using server = await startServer();
  const dynamic = record(server.io.of(/.*/), "connection");
  await server.pair();
  expect(dynamic).toEqual([]);
});

test("the pattern's name tells that it is none of the client's", async () => {
  const io = new ServerUnderTest();
  expect([io.of(/a/).name, io.of(/b/).name]).toEqual([
    expect.stringMatching(/^\/_\d+$/),
    expect.stringMatching(/^\/_\d+$/),
  ]);
});

test("emit and to of a pattern reach the sockets of its children", async () => {
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

test("fetchSockets of a pattern is refused", async () => {
  const io = new ServerUnderTest();
  const text = "fetchSockets() is not supported on parent namespaces";
  expect(() => io.of(/a/).fetchSockets()).toThrow(text);
});

test.each(["g", "y", "gy"])("expressions with the flags %s are refused", (flags) => {
  expect(() => new ServerUnderTest().of(new RegExp("a", flags))).toThrow(
    "stateful regular expressions are not supported",
  );
});

test("children have what the pattern had when they were made, and nothing that came later", async () => {
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

test("middleware of a pattern refuses with message and data", async () => {
  await using server = await startServer();
  server.io.of(/^\/dyn-/).use((_socket, next) => {
    next(Object.assign(new Error("no"), { data: 7 }));
  });
  const peer = await WirePeer.open(server.port);
  expect(await peer.join("/dyn-1")).toBe('44/dyn-1,{"message":"no","data":7}');
  peer.close();
});

test("without cleanupEmptyChildNamespaces children stay when they are empty", async () => {
  await using server = await startServer();
  server.io.of(/^\/dyn-/);
  const { client, socket } = await enter(server, "/dyn-1");
  const left = event(socket, "disconnect");
  client.disconnect();
  await left;
  expect(server.io._nsps.has("/dyn-1")).toBe(true);
});

test("cleanupEmptyChildNamespaces: the last one to leave takes the namespace and its adapter along", async () => {
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

test("cleanupEmptyChildNamespaces: a namespace that refuses everybody goes too, one made by name stays", async () => {
  await using server = await startServer({ cleanupEmptyChildNamespaces: true });
  server.io.of(/^\/dyn-/).use((_socket, next) => next(new Error("no")));
  server.io.of("/fixed");
  const peer = await WirePeer.open(server.port);
  await peer.join("/dyn-1");
  expect(server.io._nsps.has("/dyn-1")).toBe(false);
  const { client, socket } = await enter(server, "/fixed");
  const left = event(socket, "disconnect");
  client.disconnect();
  await left;
  expect(server.io._nsps.has("/fixed")).toBe(true);
  peer.close();
});

test("two peers that ask for one name at once share the namespace", async () => {
  await using server = await startServer();
  const decisions: Next[] = [];
  server.io.of((_name: string, _auth: unknown, next: Next) => void decisions.push(next));
  const peers = [await WirePeer.open(server.port), await WirePeer.open(server.port)];
  for (const peer of peers) peer.send("40/x,");
  await expect.poll(() => decisions.length).toBe(2);
  for (const decide of decisions) decide(null, true);
  for (const peer of peers) expect(await peer.next()).toMatch(/^40\/x,/);
  expect(server.io.of("/x").sockets.size).toBe(2);
  for (const peer of peers) peer.close();
});

test("auth is an empty object for those who send none", async () => {
  await using server = await startServer();
  const joined = server.joined();
  const peer = await WirePeer.open(server.port);
  await peer.join();
  expect((await joined).handshake.auth).toEqual({});
  peer.close();
});

// In Socket.IO the promise is dropped, and the process ends.
test.skipIf(isControl)("an async function that rejects refuses", async () => {
  await using server = await startServer();
  server.io.use(async () => {
    throw new Error("no");
  });
  const peer = await WirePeer.open(server.port);
  expect(await peer.join()).toBe('44{"message":"no"}');
  peer.close();
});
