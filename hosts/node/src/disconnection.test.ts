// How sockets disconnect: who may cause it, what is told, in which order, and with which reason.

import { expect, test } from "vitest";
import {
  event,
  isControl,
  record,
  type ServerSocket,
  startServer,
} from "../test/running-server.ts";
import { ask, PollingPeer, WirePeer } from "../test/wire.ts";

interface Joined {
  readonly peer: WirePeer;
  readonly socket: ServerSocket;
}

async function joined(server: Awaited<ReturnType<typeof startServer>>): Promise<Joined> {
  const socket = server.joined();
  const peer = await WirePeer.open(server.port);
  await peer.join();
  return { peer, socket: await socket };
}

test("SO47 disconnect() leaves the namespace and keeps the connection", async () => {
  await using server = await startServer();
  server.io.of("/a");
  const { peer, socket } = await joined(server);
  await peer.join("/a");
  const reasons = record(socket, "disconnect");
  expect(socket.disconnect()).toBe(socket);
  expect([socket.connected, socket.disconnected]).toEqual([false, true]);
  expect(reasons.map(([reason]) => reason)).toEqual(["server namespace disconnect"]);
  expect(await peer.next()).toBe("41");
  expect(server.io.of("/a").sockets.size).toBe(1);
  expect(server.io.sockets.sockets.size).toBe(0);
  // The peer may join again.
  expect(await peer.join()).toMatch(/^40\{"sid":/);
  socket.disconnect().disconnect(true);
  expect(reasons).toHaveLength(1);
  expect(server.io.engine.clientsCount).toBe(1);
  peer.close();
});

test("SO48 disconnect(true) leaves every namespace, then closes the connection", async () => {
  await using server = await startServer();
  const other = server.joined("/a");
  const { peer, socket } = await joined(server);
  await peer.join("/a");
  const reasons = [record(socket, "disconnect"), record(await other, "disconnect")];
  socket.disconnect(true);
  expect(await peer.closed).toBe(1005);
  expect(reasons.map(([only]) => only?.[0])).toEqual([
    "server namespace disconnect",
    "server namespace disconnect",
  ]);
  expect([await peer.next(), await peer.next()]).toEqual(["41", "41/a,"]);
  expect(server.io.engine.clientsCount).toBe(0);
});

test("SO48 over polling the peer hears of both before the end", async () => {
  await using server = await startServer();
  const socket = server.joined();
  const peer = await PollingPeer.open(server.port);
  await peer.post("40");
  (await socket).emit("last words");
  (await socket).disconnect(true);
  const frames = await peer.poll();
  expect(frames[0]).toMatch(/^40\{"sid":/);
  expect(frames.slice(1)).toEqual(['42["last words"]', "41"]);
  expect((await peer.poll()).at(-1)).toBe("1");
  expect((await ask(server.port, peer.path)).status).toBe(400);
});

test("SO49 disconnecting comes first, with the rooms; then disconnect, without them", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  void socket.join("a");
  const seen: unknown[] = [];
  for (const name of ["disconnecting", "disconnect"] as const) {
    socket.on(name, (reason) => {
      const { connected, rooms } = socket;
      seen.push([name, reason, [...rooms], connected, server.io.sockets.sockets.has(socket.id)]);
    });
  }
  const left = event(socket, "disconnect");
  client.disconnect();
  await left;
  expect(seen).toEqual([
    ["disconnecting", "client namespace disconnect", [socket.id, "a"], true, true],
    ["disconnect", "client namespace disconnect", [], false, false],
  ]);
});

test("SO49 farewells to others from disconnecting and disconnect arrive", async () => {
  await using server = await startServer();
  const leaver = await server.pair();
  const stayer = await server.pair();
  void leaver.socket.join("room");
  void stayer.socket.join("room");
  leaver.socket.on("disconnecting", () => {
    for (const room of leaver.socket.rooms) leaver.socket.to(room).emit("leaving", room);
  });
  leaver.socket.on("disconnect", () => server.io.emit("left"));
  const heard = Promise.all([event(stayer.client, "leaving"), event(stayer.client, "left")]);
  leaver.client.disconnect();
  expect(await heard).toEqual([["room"], []]);
});

type End = (joined: Joined, server: Awaited<ReturnType<typeof startServer>>) => unknown;

const REASONS: readonly [string, string, End][] = [
  ["client namespace disconnect", "the peer leaves the namespace", ({ peer }) => peer.send("41")],
  ["transport close", "the peer closes its WebSocket", ({ peer }) => peer.ws.close()],
  ["transport close", "the network connection ends", ({ peer }) => peer.close()],
  ["forced close", "conn.close()", ({ socket }) => socket.conn.close()],
  ["forced close", "conn.close(true)", ({ socket }) => socket.conn.close(true)],
  ["forced close", "a broken packet", ({ peer }) => peer.send("49")],
  ["forced close", "broken JSON", ({ peer }) => peer.send('42["x"')],
  ["forced close", "bytes that nobody expects", ({ peer }) => peer.send(Buffer.from([1]))],
  ["parse error", "a frame of no type", ({ peer }) => peer.send("x")],
  [
    "transport error",
    "a frame beyond maxHttpBufferSize",
    ({ peer }) => peer.send("4".repeat(2000)),
  ],
  ["transport error", "a ping in the wrong direction", ({ peer }) => peer.send("2")],
  ["forced close", "an event for a namespace not joined", ({ peer }) => peer.send('42/b,["x"]')],
  ["forced close", "a second CONNECT", ({ peer }) => peer.send("40")],
  ["forced close", "a CONNECT_ERROR", ({ peer }) => peer.send('44{"message":"no"}')],
  ["server shutting down", "the server closes", (_, { io }) => io.close()],
];

test.each(REASONS)("SO50 %s: %s", async (reason, _how, end) => {
  await using server = await startServer({ maxHttpBufferSize: 1000 });
  const both = await joined(server);
  const disconnecting = event(both.socket, "disconnecting");
  const left = event(both.socket, "disconnect");
  const closed = event(both.socket.conn, "close");
  void end(both, server);
  expect((await disconnecting)[0]).toBe(reason);
  expect((await left)[0]).toBe(reason);
  if (reason !== "client namespace disconnect") await closed;
  both.peer.close();
});

test("SO50 transport close: the peer says goodbye over polling", async () => {
  await using server = await startServer();
  const joining = server.joined();
  const peer = await PollingPeer.open(server.port);
  await peer.post("40");
  const left = event(await joining, "disconnect");
  expect((await peer.post("1")).text).toBe("ok");
  expect((await left)[0]).toBe("transport close");
});

test("SO50 forced server close: the protocol was broken over polling, and the close waits for a poll", async () => {
  await using server = await startServer();
  const joining = server.joined();
  const peer = await PollingPeer.open(server.port);
  await peer.post("40");
  await peer.poll();
  const left = event(await joining, "disconnect");
  await peer.post('42/b,["x"]');
  expect((await left)[0]).toBe("forced server close");
  expect((await peer.poll()).at(-1)).toBe("1");
});

test("SO50 ping timeout: the peer does not answer pings", async () => {
  await using server = await startServer({ pingInterval: 300, pingTimeout: 100 });
  const { peer, socket } = await joined(server);
  expect((await event(socket, "disconnect"))[0]).toBe("ping timeout");
  expect(await peer.closed).toBe(1005);
});

test("SO50 a reason that is an error comes with it", async () => {
  await using server = await startServer({ maxHttpBufferSize: 1000 });
  const { peer, socket } = await joined(server);
  const left = event(socket, "disconnect");
  peer.send("4".repeat(2000));
  const [reason, details] = await left;
  expect(reason).toBe("transport error");
  expect(String((details as Error).message ?? details)).toMatch(/max payload size exceeded/i);
});

test("SO51 a broken packet raises error on the sockets before they close", async () => {
  await using server = await startServer();
  const { peer, socket } = await joined(server);
  const order: unknown[] = [];
  socket.on("error", (error: Error) => void order.push(["error", error instanceof Error]));
  socket.on("disconnect", (reason) => void order.push(["disconnect", reason]));
  const left = event(socket, "disconnect");
  peer.send("4zzz");
  await left;
  expect(order).toEqual([
    ["error", true],
    ["disconnect", "forced close"],
  ]);
});

test("SO52 a peer that joins nothing within connectTimeout is closed; one that joined is not", async () => {
  await using server = await startServer({ connectTimeout: 500 });
  const { peer: member } = await joined(server);
  const idle = await WirePeer.open(server.port);
  const refused = await WirePeer.open(server.port);
  expect(await refused.join("/nowhere")).toContain("Invalid namespace");
  await Promise.all([idle.closed, refused.closed]);
  expect(member.ws.readyState).toBe(member.ws.OPEN);
  member.close();
});

const VIOLATIONS: readonly [string, readonly string[]][] = [
  ["an event before CONNECT", ['42["x"]']],
  ["an acknowledgement before CONNECT", ["430[]"]],
  ["a DISCONNECT before CONNECT", ["41"]],
  ["an event for another namespace", ["40", '42/a,["x"]']],
  // Sent back to back they make two sockets in Socket.IO.
  ...(isControl ? [] : ([["CONNECT twice", ["40", "40"]]] as [string, string[]][])),
  ["CONNECT_ERROR from a client", ["40", '44{"message":"x"}']],
  ["a CONNECT with text", ['40"text"']],
  ["a packet of no type", ["40", "4"]],
  ["an unknown packet type", ["40", "47"]],
  ["an event without a name", ["40", "42[]"]],
  ["a reserved name", ["40", '42["disconnect"]']],
  ["a placeholder out of range", ["40", '451-["x",{"_placeholder":true,"num":9}]', "bAQ=="]],
  ["a number of attachments too high", ["40", '499-["x"]']],
];

test.each(VIOLATIONS)("SO53 %s closes the connection, and nobody else's", async (_what, frames) => {
  await using server = await startServer();
  server.io.of("/a");
  const { client } = await server.pair();
  const peer = await WirePeer.open(server.port);
  for (const frame of frames) peer.send(frame);
  await peer.closed;
  expect(await client.timeout(5000).connected).toBe(true);
  expect(server.io.engine.clientsCount).toBe(1);
});
