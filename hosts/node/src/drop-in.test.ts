// Members that packages made for Socket.IO reach for, beyond its documented interface.
// What the packages themselves do with them is tested by e2e/drop-in.

import type { IncomingMessage, ServerResponse } from "node:http";
import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { event, isControl, type Options, record, startServer } from "../test/running-server.ts";
import { ask, POLLING, PollingPeer, WirePeer } from "../test/wire.ts";

type WithQuery = IncomingMessage & { _query: Record<string, string> };

const CROSS_ORIGIN = { headers: { origin: "https://page.example" } };

test("cors: true lets every origin in, as NestJS's gateways say it; false lets none in", async () => {
  const allowed: unknown[] = [];
  for (const cors of [true, false]) {
    // Socket.IO's type has no boolean.
    await using server = await startServer({ cors } as unknown as Options);
    const { headers } = await ask(server.port, POLLING, CROSS_ORIGIN);
    allowed.push(headers["access-control-allow-origin"]);
  }
  expect(allowed).toEqual(["*", undefined]);
});

test("middleware tells handshakes by request._query.sid, over polling and WebSocket", async () => {
  await using server = await startServer();
  const seen: unknown[] = [];
  server.io.engine.use((request: WithQuery, _response: ServerResponse, next: () => void) => {
    seen.push([request._query.transport, request._query.sid !== undefined]);
    next();
  });
  const peer = await PollingPeer.open(server.port);
  await peer.post("40");
  (await WirePeer.open(server.port)).close();
  expect(seen).toEqual([
    ["polling", false],
    ["polling", true],
    ["websocket", false],
  ]);
});

test("socket.request._query is there, and a value that was there before stays", async () => {
  await using server = await startServer();
  server.http.prependListener("request", (request) => {
    const { searchParams } = new URL(request.url as string, server.url);
    if (!searchParams.has("kept")) return;
    (request as WithQuery)._query = { ...Object.fromEntries(searchParams), set: "before" };
  });
  const { socket } = await server.pair("", { query: { token: "abc" } });
  expect((socket.request as WithQuery)._query).toMatchObject({ token: "abc", EIO: "4" });
  expect((socket.request as WithQuery)._query).toBe((socket.request as WithQuery)._query);
  const joined = server.joined();
  server.client("", { query: { kept: "1" }, transports: ["polling"] });
  expect(((await joined).request as WithQuery)._query).toMatchObject({ set: "before" });
});

test("_nsps has the namespaces by name, and new_namespace tells of later ones", async () => {
  await using server = await startServer();
  const created = record(server.io, "new_namespace");
  const later = server.io.of("/later");
  expect([...server.io._nsps.keys()]).toEqual(["/", "/later"]);
  expect(server.io._nsps.get("/later")).toBe(later);
  expect(created).toEqual([[later]]);
});

test("sockets and addresses have an adapter and rooms, by which tracing names its spans", async () => {
  await using server = await startServer();
  const { socket } = await server.pair("/chat");
  type Traced = { adapter: { nsp: { name: string } }; rooms: Set<string> };
  const traced = [socket, server.io.of("/chat").to("a").in(["b"]), server.io.local] as unknown[];
  const seen = (traced as Traced[]).map(({ adapter, rooms }) => [adapter.nsp.name, [...rooms]]);
  expect(seen).toEqual([
    ["/chat", [socket.id]],
    ["/chat", ["a", "b"]],
    ["/", []],
  ]);
});

test.skipIf(isControl)("classes are in the files where tracing looks for them", async () => {
  const index = await import("./index.ts");
  expect((await import("./socket.ts")).Socket).toBe(index.Socket);
  expect((await import("./broadcast-operator.ts")).BroadcastOperator).toBe(index.BroadcastOperator);
});

test("a patched prototype is what sockets, servers and addresses use", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  const address = server.io.to("room");
  const calls: string[] = [];
  const restore: (() => void)[] = [];
  const patch = (of: object, name: string, method: string): void => {
    const prototype = Object.getPrototypeOf(of) as Record<string, (...args: unknown[]) => unknown>;
    const own = Object.getOwnPropertyDescriptor(prototype, method);
    const original = prototype[method] as (...args: unknown[]) => unknown;
    prototype[method] = function (this: unknown, ...args) {
      calls.push(`${name}.${method} ${String(args[0])}`);
      return original.apply(this, args);
    };
    restore.push(() => {
      if (own === undefined) delete prototype[method];
      else Object.defineProperty(prototype, method, own);
    });
  };
  patch(socket, "socket", "on");
  patch(socket, "socket", "emit");
  patch(address, "address", "emit");
  patch(server.io, "server", "on");
  try {
    server.io.on("connection", () => {});
    socket.on("a", () => {});
    const heard = event(client, "message");
    socket.send("b");
    server.io.emit("c");
    socket.broadcast.emit("d");
    await heard;
  } finally {
    for (const undo of restore) undo();
  }
  const expected = ["server.on connection", "socket.on a", "socket.emit message"];
  expect(calls).toEqual([...expected, "address.emit c", "address.emit d"]);
});

test("the version says Socket.IO 4: packages that patch it, and their ranges, go by that", () => {
  const from = isControl ? "socket.io" : "@sockeye/socket.io";
  const { version } = createRequire(import.meta.url)(`${from}/package.json`) as { version: string };
  expect(version).toMatch(/^4\.8\.\d+$/);
});
