// Rows of docs/compatibility.md about what server sockets send, and about acknowledgements. Every test runs against
// the real Socket.IO too (CONTROL=socket.io).

import { expect, test } from "vitest";
import {
  answerFences,
  event,
  isControl,
  record,
  type ServerSocket,
  settled,
  startServer,
} from "../test/running-server.ts";
import { PollingPeer, WirePeer } from "../test/wire.ts";

type Anything = (...args: unknown[]) => unknown;

/** A peer without a client, and its socket. */
async function joinedPeer(server: Awaited<ReturnType<typeof startServer>>, nsp = "/") {
  const joined = server.joined(nsp);
  const peer = await WirePeer.open(server.port);
  await peer.join(nsp);
  return { peer, socket: await joined };
}

test("emit after the connection has ended says true and does nothing", async () => {
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

test.skipIf(isControl)(
  "emit after disconnect() sends nothing, though the connection stays",
  async () => {
    await using server = await startServer();
    const { peer, socket } = await joinedPeer(server);
    socket.disconnect();
    expect(await peer.next()).toBe("41");
    expect(socket.emit("x", 1)).toBe(true);
    expect(await peer.join()).toMatch(/^40\{/);
    expect(peer.unread).toEqual([]);
    peer.close();
  },
);

test("broadcast, to, in, except and local leave the socket itself out", async () => {
  await using server = await startServer();
  const me = await server.pair();
  const other = await server.pair();
  for (const { client, socket } of [me, other]) {
    answerFences(client);
    void socket.join("r");
  }
  const mine = record(me.client, "x");
  const others = record(other.client, "x");
  me.socket.broadcast.emit("x", 1);
  me.socket.to("r").emit("x", 2);
  me.socket.in(["r"]).emit("x", 3);
  me.socket.except("s").emit("x", 4);
  me.socket.local.emit("x", 5);
  me.socket.to(me.socket.id).emit("x", 6);
  me.socket.to("r").to("s").except("t").emit("x", 7);
  await Promise.all([settled(me.socket), settled(other.socket)]);
  expect(mine).toEqual([]);
  expect(others).toEqual([[1], [2], [3], [4], [5], [7]]);
});

test("events to several clients: io.to(id) reaches one", async () => {
  await using server = await startServer();
  const one = await server.pair();
  const two = await server.pair();
  for (const { client } of [one, two]) answerFences(client);
  const heard = [one, two].map(({ client }) => record(client, "x"));
  server.io.to(two.socket.id).emit("x", "private");
  await Promise.all([settled(one.socket), settled(two.socket)]);
  expect(heard).toEqual([[], [["private"]]]);
});

test("what is emitted in disconnecting reaches the rooms, in disconnect no longer oneself", async () => {
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

test("onAnyOutgoing hears bytes as they were given, and broadcasts that reach the socket", async () => {
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

test("an acknowledgement takes any number of arguments, bytes too", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  client.on("ask", (answer: Anything) => answer(1, "two", { three: Buffer.from([3]) }));
  const args = await new Promise<unknown[]>((resolve) => {
    socket.emit("ask", (...answer: unknown[]) => resolve(answer));
  });
  expect(args).toEqual([1, "two", { three: Buffer.from([3]) }]);
  socket.on("ask", (answer: Anything) => answer(Buffer.from([4]), null));
  const back = await new Promise<unknown[]>((resolve) => {
    client.emit("ask", (...answer: unknown[]) => resolve(answer));
  });
  expect(back).toEqual([Buffer.from([4]), null]);
});

test("acknowledgement numbers begin at 0 and are counted for the namespace", async () => {
  await using server = await startServer();
  const one = await joinedPeer(server);
  const two = await joinedPeer(server);
  const ask = (socket: ServerSocket): unknown => socket.emit("ask", () => {});
  ask(one.socket);
  ask(two.socket);
  ask(one.socket);
  expect([await one.peer.next(), await one.peer.next(), await two.peer.next()]).toEqual([
    '420["ask"]',
    '422["ask"]',
    '421["ask"]',
  ]);
  one.peer.close();
  two.peer.close();
});

test("answers with attachments come as packets of type 6", async () => {
  await using server = await startServer();
  const { peer, socket } = await joinedPeer(server);
  socket.on("ask", (answer: Anything) => answer(Buffer.from([1])));
  peer.send('421["ask"]');
  expect(await peer.next()).toBe('461-1[{"_placeholder":true,"num":0}]');
  expect(await peer.next()).toEqual(Buffer.from([1]));
  const answered = new Promise((resolve) => socket.emit("ask", resolve));
  expect(await peer.next()).toBe('420["ask"]');
  peer.send('461-0[{"_placeholder":true,"num":0}]');
  peer.send(Buffer.from([9]));
  expect(await answered).toEqual(Buffer.from([9]));
  peer.close();
});

test("a callback of an acknowledgement is never called after the disconnection", async () => {
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

test("timeout: the callback has an Error with operation has timed out, once", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  let late: Anything = () => {};
  client.on("ask", (_one: number, answer: Anything) => {
    late = answer;
  });
  const calls: unknown[][] = [];
  await new Promise<void>((resolve) => {
    socket.timeout(30).emit("ask", 1, (...args: unknown[]) => {
      calls.push(args);
      resolve();
    });
  });
  late("too late");
  answerFences(client);
  await settled(socket);
  expect(calls).toEqual([[expect.any(Error)]]);
  expect(calls[0]?.[0]).toMatchObject({ message: "operation has timed out" });
});

test("timeout in time: null comes before the answer", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  client.on("ask", (answer: Anything) => answer(1, 2));
  const args = await new Promise<unknown[]>((resolve) => {
    socket.timeout(5000).emit("ask", (...answer: unknown[]) => resolve(answer));
  });
  expect(args).toEqual([null, 1, 2]);
  expect(await socket.timeout(5000).emitWithAck("ask")).toBe(1);
});

test("emitWithAck with a time-out rejects with an Error", async () => {
  await using server = await startServer();
  const { socket } = await server.pair();
  const asked = socket.timeout(20).emitWithAck("nobody");
  await expect(asked).rejects.toThrow("operation has timed out");
  await expect(asked).rejects.toBeInstanceOf(Error);
});

test("a peer on polling gets all that was emitted in one body", async () => {
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

test("the order of emit, send, broadcast and acknowledgement is that of the calls", async () => {
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

test("undefined, null, numbers, dates and nested bytes arrive as JSON has them", async () => {
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

test("large texts and large bytes go both ways", async () => {
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

test("onAnyOutgoing hears volatile events, those that are then dropped as well", async () => {
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

test("an acknowledgement after disconnect(true) is ignored", async () => {
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
