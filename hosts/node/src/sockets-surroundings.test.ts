// What a socket tells of where it comes from: handshake, request, connection and client.

import type { IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import { event, record, startServer } from "../test/running-server.ts";
import { WEBSOCKET, WirePeer } from "../test/wire.ts";
import { NodeRequestHead } from "./request-head.ts";

test("SO54 handshake describes the first request, and what the client sent as auth", async () => {
  await using server = await startServer();
  const before = Date.now();
  const { socket } = await server.pair("", {
    auth: { token: "abc", nested: { deep: 1 } },
    query: { room: "a b", __proto__x: "1" },
    extraHeaders: { "x-who": "tests", origin: "https://page.example" },
  });
  const { handshake } = socket;
  expect(handshake.auth).toEqual({ token: "abc", nested: { deep: 1 } });
  expect(handshake.query).toMatchObject({ EIO: "4", transport: "websocket", room: "a b" });
  expect(handshake.headers).toMatchObject({ "x-who": "tests", origin: "https://page.example" });
  expect(handshake.url).toMatch(/^\/socket\.io\/\?.*room=a(\+|%20)b/);
  expect(handshake.address).toMatch(/127\.0\.0\.1$/);
  expect([handshake.xdomain, handshake.secure]).toEqual([true, false]);
  expect(handshake.issued).toBeGreaterThanOrEqual(before);
  expect(handshake.issued).toBeLessThanOrEqual(Date.now());
  expect(Date.parse(handshake.time)).toBe(Math.floor(handshake.issued / 1000) * 1000);
  expect(socket.handshake).toBe(handshake);
});

test("SO54 without auth and Origin there is an empty object, and no other domain", async () => {
  await using server = await startServer();
  const { socket } = await server.pair();
  expect(socket.handshake.auth).toEqual({});
  expect(socket.handshake.xdomain).toBe(false);
});

test("SO54 secure is whether the request came over TLS", () => {
  const over = (socket: object): boolean =>
    new NodeRequestHead({ socket } as unknown as IncomingMessage).secure;
  expect(over({ encrypted: true })).toBe(true);
  expect(over({})).toBe(false);
});

test("SO54 of repeated query names the last counts, and strange names do no harm", async () => {
  await using server = await startServer();
  const joined = server.joined();
  const path = `${WEBSOCKET}&a=1&a=2&__proto__=x&constructor=y&e=%00`;
  const peer = await WirePeer.open(server.port, path);
  await peer.join();
  const { query } = (await joined).handshake;
  expect([query["a"], query["constructor"], query["e"]]).toEqual(["2", "y", "\0"]);
  expect(Object.getOwnPropertyDescriptor(query, "__proto__")?.value).toBe("x");
  expect(({} as Record<string, unknown>)["x"]).toBeUndefined();
  peer.close();
});

test("SO54 each namespace has the auth that was sent to it", async () => {
  await using server = await startServer();
  const joined = [server.joined(), server.joined("/a")];
  const peer = await WirePeer.open(server.port);
  await peer.join("/", '{"token":1}');
  await peer.join("/a", '{"token":2}');
  const [main, inside] = await Promise.all(joined);
  expect(main?.handshake.auth).toEqual({ token: 1 });
  expect(inside?.handshake.auth).toEqual({ token: 2 });
  peer.close();
});

test("SO55 request is the request that opened the connection", async () => {
  await using server = await startServer();
  const seen: (string | undefined)[] = [];
  server.io.engine.use(
    (request: IncomingMessage & { user?: string }, _response: unknown, next: () => void) => {
      request.user = "alice";
      seen.push(request.url);
      next();
    },
  );
  const joined = server.joined();
  const client = server.client("", { transports: ["polling"] });
  await event(client, "connect");
  const socket = await joined;
  expect(socket.request).toMatchObject({ user: "alice", url: seen[0] });
  expect(socket.client.request).toBe(socket.request);
  expect(socket.conn.request).toBe(socket.request);
  expect(socket.conn.remoteAddress).toMatch(/127\.0\.0\.1$/);
});

test("SO56 conn shows the transport, and tells of the upgrade and the end", async () => {
  await using server = await startServer();
  const joined = server.joined();
  const client = server.client();
  const socket = await joined;
  const { conn } = socket;
  expect(socket.client.conn).toBe(conn);
  expect([conn.transport.name, conn.readyState, conn.upgraded, conn.protocol]).toEqual([
    "polling",
    "open",
    false,
    4,
  ]);
  const [upgrading] = record(conn, "upgrading");
  expect(upgrading).toBeUndefined();
  const [transport] = await event(conn, "upgrade");
  expect((transport as { name: string }).name).toBe("websocket");
  expect([conn.transport.name, conn.upgraded]).toEqual(["websocket", true]);
  expect(client.io.engine.id).toBe((conn as unknown as { id: string }).id);
  const closed = event(conn, "close");
  client.disconnect();
  expect((await closed)[0]).toBe("transport close");
  expect(conn.readyState).toBe("closed");
});

test("SO56 conn tells of the packets that come and go", async () => {
  await using server = await startServer();
  const joined = server.joined();
  const peer = await WirePeer.open(server.port);
  await peer.join();
  const socket = await joined;
  const incoming = record(socket.conn, "packet");
  const outgoing = record(socket.conn, "packetCreate");
  const messages = record(socket.conn, "message");
  const heard = event(socket, "x");
  peer.send('42["x"]');
  await heard;
  socket.emit("y");
  socket.conn.send("raw");
  expect([await peer.next(), await peer.next()]).toEqual(['42["y"]', "4raw"]);
  expect(incoming).toEqual([[expect.objectContaining({ type: "message", data: '2["x"]' })]]);
  expect(messages).toEqual([['2["x"]']]);
  expect(outgoing).toEqual([
    [expect.objectContaining({ type: "message", data: '2["y"]' })],
    [expect.objectContaining({ type: "message", data: "raw" })],
  ]);
  peer.close();
});

test("SO56 the engine tells of every connection, before a namespace is joined", async () => {
  await using server = await startServer();
  const raised = event(server.io.engine, "connection");
  const joined = record(server.io, "connection");
  const peer = await WirePeer.open(server.port);
  const [conn] = await raised;
  expect(conn.readyState).toBe("open");
  expect(joined).toEqual([]);
  const packet = event(conn, "packet");
  const socket = server.joined();
  await peer.join();
  expect(await packet).toEqual([expect.objectContaining({ type: "message", data: "0" })]);
  expect((await socket).conn).toBe(conn);
  peer.close();
});

test("SO57 a socket knows its namespace and id, and is not recovered", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair("/a");
  expect(socket.nsp).toBe(server.io.of("/a"));
  expect(socket.nsp.server).toBe(server.io);
  expect(socket.id).toBe(client.id);
  expect(socket.recovered).toBe(false);
});
