// What sockets send: data as it arrives, order, catch-all listeners, and what is emitted or answered after the end.
// Every test runs against Socket.IO too (CONTROL=socket.io).

import { expect, test } from "vitest";
import { answerFences, event, settled, startServer } from "../test/running-server.ts";
import { PollingPeer, WirePeer } from "../test/wire.ts";

type Anything = (...args: unknown[]) => unknown;

/** A peer without a client, and its socket. */
async function joinedPeer(server: Awaited<ReturnType<typeof startServer>>, nsp = "/") {
  const joined = server.joined(nsp);
  const peer = await WirePeer.open(server.port);
  await peer.join(nsp);
  return { peer, socket: await joined };
}

test("SO17 emit after the connection has ended says true and does nothing", async () => {
  await using server = await startServer();
  const { peer, socket } = await joinedPeer(server);
  const left = event(socket, "disconnect");
  peer.close();
  await left;
  expect(socket.emit("x", 1)).toBe(true);
  expect(socket.emit("x", () => {})).toBe(true);
  expect(socket.volatile.emit("x")).toBe(true);
  expect(socket.send("x")).toBe(socket);
});

test("SO49 what is emitted in disconnecting reaches the rooms, in disconnect no longer oneself", async () => {
  await using server = await startServer();
  const leaver = await server.pair();
  const stayer = await server.pair();
  answerFences(stayer.client);
  const heard: unknown[] = [];
  stayer.client.onAny((name, ...args) => name === "fence" || heard.push([name, ...args]));
  void leaver.socket.join("r");
  void stayer.socket.join("r");
  leaver.socket.on("disconnecting", () => void leaver.socket.to("r").emit("soon"));
  leaver.socket.on("disconnect", () => {
    leaver.socket.to("r").emit("gone");
    leaver.socket.broadcast.emit("all");
    server.io.to("r").emit("io", server.io.sockets.adapter.rooms.get("r")?.size);
  });
  const left = event(leaver.socket, "disconnect");
  leaver.client.disconnect();
  await left;
  await settled(stayer.socket);
  expect(heard).toEqual([["soon"], ["gone"], ["all"], ["io", 1]]);
});

test("SO21 onAnyOutgoing hears bytes as they were given, and broadcasts that reach the socket", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  answerFences(client);
  const heard: unknown[] = [];
  const bytes = Buffer.from([1, 2]);
  socket.onAnyOutgoing((...args: unknown[]) => args[0] === "fence" || heard.push(args));
  socket.emit("x", bytes);
  server.io.emit("y", bytes);
  server.io.to("elsewhere").emit("z");
  socket.emit("ask", () => {});
  await settled(socket);
  expect(heard).toEqual([["x", bytes], ["y", bytes], ["ask"]]);
});

test("SO30 a callback of an acknowledgement is never called after the disconnection", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  const called: unknown[] = [];
  socket.emit("ask", (...args: unknown[]) => called.push(args));
  const left = event(socket, "disconnect");
  client.disconnect();
  await left;
  await new Promise(setImmediate);
  expect(called).toEqual([]);
});

test("EN10 a peer on polling gets all that was emitted in one body", async () => {
  await using server = await startServer();
  const joined = server.joined();
  const peer = await PollingPeer.open(server.port);
  await peer.post("40");
  const socket = await joined;
  await peer.poll();
  socket.emit("a");
  socket.emit("b", Buffer.from([1, 2, 3, 4]));
  server.io.emit("c");
  expect(await peer.poll()).toEqual([
    '42["a"]',
    '451-["b",{"_placeholder":true,"num":0}]',
    "bAQIDBA==",
    '42["c"]',
  ]);
});

test("SO36 the order of emit, send, broadcast and acknowledgement is that of the calls", async () => {
  await using server = await startServer();
  const { peer, socket } = await joinedPeer(server);
  socket.on("ask", (answer: Anything) => {
    socket.emit("before");
    answer("answer");
    server.io.emit("after");
    socket.send("last");
  });
  peer.send('425["ask"]');
  expect([await peer.next(), await peer.next(), await peer.next(), await peer.next()]).toEqual([
    '42["before"]',
    '435["answer"]',
    '42["after"]',
    '42["message","last"]',
  ]);
  peer.close();
});

test("SO17 undefined, null, numbers, dates and nested bytes arrive as JSON has them", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  const heard = event(client, "x");
  const when = new Date(0);
  socket.emit("x", undefined, null, 1.5, when, { a: [Buffer.from([1]), { b: "c" }] });
  expect(await heard).toEqual([
    null,
    null,
    1.5,
    when.toISOString(),
    { a: [Buffer.from([1]), { b: "c" }] },
  ]);
});

test("SO17 large texts and large bytes go both ways", async () => {
  await using server = await startServer({ maxHttpBufferSize: 1e8 });
  const { client, socket } = await server.pair();
  const text = "x".repeat(2_000_000);
  const bytes = Buffer.alloc(2_000_000, 7);
  const heard = event(socket, "x");
  client.emit("x", text, bytes);
  const [gotText, gotBytes] = await heard;
  expect(gotText === text && bytes.equals(gotBytes)).toBe(true);
  const back = event(client, "x");
  socket.emit("x", text, bytes);
  const [backText, backBytes] = await back;
  expect(backText === text && bytes.equals(backBytes)).toBe(true);
});

test("SO21 onAnyOutgoing hears volatile events, those that are then dropped as well", async () => {
  await using server = await startServer();
  const joined = server.joined();
  const peer = await PollingPeer.open(server.port);
  await peer.post("40");
  const socket = await joined;
  await peer.poll();
  const heard: unknown[] = [];
  socket.onAnyOutgoing((...args: unknown[]) => void heard.push(args));
  socket.volatile.emit("a", 1);
  server.io.volatile.emit("b", 2);
  socket.emit("c");
  expect(heard).toEqual([["a", 1], ["b", 2], ["c"]]);
  expect(await peer.poll()).toEqual(['42["c"]']);
});

test("SO31 an acknowledgement after disconnect(true) is ignored", async () => {
  await using server = await startServer();
  const { peer, socket } = await joinedPeer(server);
  socket.on("ask", (answer: Anything) => {
    socket.disconnect(true);
    answer(1);
  });
  peer.send('420["ask"]');
  expect(await peer.next()).toBe("41");
  expect(await peer.closed).toBe(1005);
  expect(peer.unread).toEqual([]);
});
