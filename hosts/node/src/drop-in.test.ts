// Members that packages made for Socket.IO reach for, beyond its documented interface.
// What the packages themselves do with them is tested by e2e/drop-in.

import type { IncomingMessage, ServerResponse } from "node:http";
import { expect, test } from "vitest";
import { record, startServer } from "../test/running-server.ts";
import { ask, POLLING, PollingPeer, WirePeer } from "../test/wire.ts";

type WithQuery = IncomingMessage & { _query: Record<string, string> };

const CROSS_ORIGIN = { headers: { origin: "https://page.example" } };

test("cors: true lets every origin in, as NestJS's gateways say it; false lets none in", async () => {
  const allowed: unknown[] = [];
  for (const cors of [true, false]) {
    await using server = await startServer({ cors } as object);
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
