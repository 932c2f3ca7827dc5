// Middleware of a namespace: who may join, in which order it is asked, and what the peer learns.

import { expect, test } from "vitest";
import { event, record, type ServerSocket, startServer } from "../test/running-server.ts";
import { ask, PollingPeer, WirePeer } from "../test/wire.ts";

type Next = (error?: Error) => void;

test("SO9 middleware runs in the order of its registration, and each waits for the one before", async () => {
  await using server = await startServer();
  const order: unknown[] = [];
  server.io.use((_socket, next) => {
    order.push(1);
    setImmediate(() => {
      order.push(2);
      next();
    });
  });
  server.io.of("/").use((_socket, next) => {
    order.push(3);
    next();
  });
  server.io.on("connection", () => void order.push(4));
  await server.pair();
  expect(order).toEqual([1, 2, 3, 4]);
});

test("SO9 middleware added while a peer is being considered counts for the next one", async () => {
  await using server = await startServer();
  let calls = 0;
  server.io.use((_socket, next) => {
    if (calls === 0) {
      server.io.use((_again, later) => {
        calls += 1;
        later();
      });
    }
    next();
  });
  await server.pair();
  expect(calls).toBe(0);
  calls = 1;
  await server.pair();
  expect(calls).toBe(2);
});

test("SO10 an error refuses: the peer gets its message and data, what follows is not asked", async () => {
  await using server = await startServer();
  const asked: string[] = [];
  const joined = record(server.io, "connection");
  let refused: ServerSocket | undefined;
  server.io.use((socket, next) => {
    refused = socket;
    void socket.join("waiting room");
    next(Object.assign(new Error("nope"), { data: { code: 7 } }));
  });
  server.io.use((_socket, next) => {
    asked.push("second");
    next();
  });
  const peer = await WirePeer.open(server.port);
  expect(await peer.join()).toBe('44{"message":"nope","data":{"code":7}}');
  const client = server.fast();
  const [error] = await event(client, "connect_error");
  expect([error.message, error.data]).toEqual(["nope", { code: 7 }]);
  expect(asked).toEqual([]);
  expect(joined).toEqual([]);
  expect(server.io.sockets.sockets.size).toBe(0);
  expect(refused?.connected).toBe(false);
  expect(server.io.sockets.adapter.rooms.size).toBe(0);
  peer.close();
});

test("SO10 an error without data has none on the wire; the peer may try again", async () => {
  await using server = await startServer();
  let isOpen = false;
  server.io.use((_socket, next) => next(isOpen ? undefined : new Error("not yet")));
  const peer = await WirePeer.open(server.port);
  expect(await peer.join()).toBe('44{"message":"not yet"}');
  isOpen = true;
  expect(await peer.join()).toMatch(/^40\{"sid":/);
  peer.close();
});

test("SO11 an async middleware with next lets in when it calls next", async () => {
  await using server = await startServer();
  const order: string[] = [];
  server.io.use(async (_socket, next) => {
    setImmediate(() => {
      order.push("next");
      next();
    });
  });
  server.io.on("connection", () => void order.push("connection"));
  await server.pair();
  expect(order).toEqual(["next", "connection"]);
});

test("SO13 a middleware that never calls next keeps its peer waiting, and nobody else", async () => {
  await using server = await startServer({ connectTimeout: 500 });
  server.io.of("/slow").use(() => {});
  server.io.of("/slow").on("connection", () => expect.unreachable());
  const peer = await WirePeer.open(server.port);
  peer.send("40/slow,");
  const { client } = await server.pair();
  expect(client.connected).toBe(true);
  // Nobody joined in time: connectTimeout ends it.
  expect(await peer.closed).toBe(1005);
  expect(client.connected).toBe(true);
});

test("SO14 a peer that leaves while middleware decides does not join", async () => {
  await using server = await startServer();
  let admit: Next = () => {};
  let candidate: ServerSocket | undefined;
  server.io.use((socket, next) => {
    void socket.join("early");
    candidate = socket;
    admit = next;
  });
  const joined = record(server.io, "connection");
  const peer = await WirePeer.open(server.port);
  peer.send("40");
  await expect.poll(() => candidate).toBeDefined();
  const closed = event(candidate?.conn, "close");
  peer.close();
  await closed;
  admit();
  await server.pair("/other");
  expect(joined).toEqual([]);
  expect(candidate?.connected).toBe(false);
  expect(server.io.sockets.sockets.size).toBe(0);
  expect(server.io.sockets.adapter.rooms.size).toBe(0);
});

test("SO15 while middleware decides the socket is not connected, but can join rooms and send", async () => {
  await using server = await startServer();
  const seen: unknown[] = [];
  server.io.use((socket, next) => {
    void socket.join("early");
    socket.emit("early");
    seen.push(
      socket.connected,
      socket.disconnected,
      [...socket.rooms],
      server.io.sockets.sockets.size,
    );
    next();
  });
  const { client, socket } = await server.pair();
  expect(client.connected).toBe(true);
  expect(seen).toEqual([false, true, ["early"], 0]);
  expect(new Set(socket.rooms)).toEqual(new Set(["early", socket.id]));
  const peer = await WirePeer.open(server.port);
  expect(await peer.join()).toBe('42["early"]');
  expect(await peer.next()).toMatch(/^40\{"sid":/);
  peer.close();
});

test("SO15 middleware sees the auth of the peer, and keeps things for later in data", async () => {
  await using server = await startServer();
  server.io.use((socket, next) => {
    socket.data.name = `user ${socket.handshake.auth["token"]}`;
    next();
  });
  const { socket } = await server.pair("", { auth: { token: "abc" } });
  expect(socket.data).toEqual({ name: "user abc" });
});

test("SO16 middleware of one namespace says nothing about another", async () => {
  await using server = await startServer();
  server.io.use((_socket, next) => next(new Error("closed")));
  const { client } = await server.pair("/open");
  expect(client.connected).toBe(true);
  const peer = await PollingPeer.open(server.port);
  await peer.post("40/open,", "40");
  const frames: string[] = [];
  while (frames.length < 2) frames.push(...(await peer.poll()).filter((frame) => frame !== "2"));
  expect(frames[0]).toMatch(/^40\/open,\{"sid":/);
  expect(frames[1]).toBe('44{"message":"closed"}');
  expect((await ask(server.port, peer.path, { method: "POST", body: "1" })).text).toBe("ok");
});
