// Members that Socket.IO does not document and applications read all the same.

import type { IncomingMessage } from "node:http";
import type { Socket as EngineSocket } from "engine.io";
import { expect, test } from "vitest";
import { event, record, type ServerSocket, startServer } from "../test/running-server.ts";
import { POLLING, PollingPeer, WirePeer } from "../test/wire.ts";

interface Inner {
  readonly eio: unknown;
  readonly _nsps: Map<string, unknown>;
  readonly opts: object;
}

interface Client {
  readonly id: string;
  readonly conn: unknown;
  readonly request: unknown;
  readonly server: unknown;
  readonly sockets: Map<string, unknown>;
  readonly nsps: Map<string, unknown>;
}

test("NH64 the engine is also known as eio, the namespaces as _nsps, the options as opts", async () => {
  await using server = await startServer({ pingInterval: 1234 });
  const { io } = server;
  const inner = io as unknown as Inner;
  expect(inner.eio).toBe(io.engine);
  expect(inner.opts).toMatchObject({ pingInterval: 1234 });
  io.of("/a");
  expect([...inner._nsps.keys()]).toEqual(["/", "/a"]);
  expect(inner._nsps.get("/")).toBe(io.sockets);
});

test("NH64 a client has its sockets by id and by namespace", async () => {
  await using server = await startServer();
  server.io.of("/a");
  const joined = [server.joined(), server.joined("/a")];
  const peer = await WirePeer.open(server.port);
  await peer.join();
  await peer.join("/a");
  const [main, inside] = (await Promise.all(joined)) as [ServerSocket, ServerSocket];
  const client = main.client as unknown as Client;
  expect(inside.client).toBe(client);
  expect([...client.sockets.entries()]).toEqual([
    [main.id, main],
    [inside.id, inside],
  ]);
  expect([...client.nsps.entries()]).toEqual([
    ["/", main],
    ["/a", inside],
  ]);
  expect(client.conn).toBe(main.conn);
  expect(client.id).toBe((main.conn as unknown as { id: string }).id);
  expect(client.request).toBe(main.request);
  expect(client.server).toBe(server.io);
  const left = event(inside, "disconnect");
  peer.send("41/a,");
  await left;
  expect([...client.nsps.keys()]).toEqual(["/"]);
  peer.close();
});

test("NH65 io.engine has its connections by session id", async () => {
  await using server = await startServer();
  const { engine } = server.io;
  const clients = (): Record<string, EngineSocket> =>
    (engine as unknown as { clients: Record<string, EngineSocket> }).clients;
  expect([clients(), engine.clientsCount]).toEqual([{}, 0]);
  const { socket } = await server.pair();
  const { id } = socket.conn as unknown as { id: string };
  expect(Object.keys(clients())).toEqual([id]);
  expect(clients()[id]).toBe(socket.conn);
  expect(Object.values(clients())).toEqual([socket.conn]);
  const closed = event(socket.conn, "close");
  clients()[id]?.close();
  expect((await closed)[0]).toBe("forced close");
  expect([clients(), engine.clientsCount]).toEqual([{}, 0]);
});

test("NH65 io.engine tells of what is flushed, of every connection, also of those that were there", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  const flushed = record(server.io.engine, "flush");
  const drained = record(server.io.engine, "drain");
  const heard = event(client, "x");
  socket.emit("x", 1);
  await heard;
  expect(flushed).toHaveLength(1);
  expect(flushed[0]?.[0]).toBe(socket.conn);
  expect(flushed[0]?.[1]).toMatchObject([{ type: "message", data: '2["x",1]' }]);
  expect(drained).toEqual([[socket.conn]]);
});

test("NH65 conn.send with a callback, beside Socket.IO's packets", async () => {
  await using server = await startServer();
  const joined = server.joined();
  const peer = await WirePeer.open(server.port);
  await peer.join();
  const { conn } = await joined;
  const transport = await new Promise((resolve) => conn.send("raw", {}, resolve));
  expect(transport).toBe(conn.transport);
  expect(await peer.next()).toBe("4raw");
  peer.close();
});

test("NH65 what was not sent is in writeBuffer when conn tells the end", async () => {
  await using server = await startServer();
  const joined = server.joined();
  const peer = await PollingPeer.open(server.port);
  await peer.post("40");
  const socket = await joined;
  await peer.poll();
  const buffers: unknown[] = [];
  const conn = socket.conn as unknown as { writeBuffer: { data: unknown }[] };
  socket.conn.on("close", () => buffers.push(conn.writeBuffer.map(({ data }) => data)));
  socket.emit("a");
  socket.emit("b");
  socket.conn.close(true);
  expect(buffers).toEqual([['2["a"]', '2["b"]']]);
});

test("NH66 what was done to request._query stands in handshake.query", async () => {
  await using server = await startServer({
    allowRequest: (request, decide) => {
      (request as IncomingMessage & { _query: Record<string, string> })._query["user"] = "alice";
      decide(null, true);
    },
  });
  const { socket } = await server.pair("", { query: { a: "b" } });
  expect(socket.handshake.query).toMatchObject({ a: "b", user: "alice", EIO: "4" });
  const { _query } = socket.request as IncomingMessage & { _query: object };
  expect(_query).toMatchObject({ a: "b", user: "alice" });
});

test("NH67 two handshakes that were given the same id: the second is refused or closed", async () => {
  await using server = await startServer();
  server.io.engine.generateId = () => "same";
  const connected = record(server.io.engine, "connection");
  const [one, two] = [new WirePeer(server.port), new WirePeer(server.port)];
  const first = await Promise.race([one.next(), two.next()]);
  expect(String(first)).toContain('"sid":"same"');
  // Upstream lets the second take the place of the first.
  if (process.env["CONTROL"] !== "socket.io") {
    await Promise.race([one.closed, two.closed]);
    expect(connected).toHaveLength(1);
    const answer = await fetch(`http://127.0.0.1:${server.port}${POLLING}`);
    expect(answer.status).toBe(400);
  }
  one.close();
  two.close();
});
