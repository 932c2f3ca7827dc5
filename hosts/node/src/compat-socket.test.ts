// Rows of docs/compatibility.md about server sockets that no other test shows: members, flags, names, order.
// Every test runs against the real Socket.IO too (CONTROL=socket.io).

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

test("data is an empty object at first, and whatever is assigned afterwards", async () => {
  await using server = await startServer();
  const { socket } = await server.pair();
  expect(socket.data).toEqual({});
  socket.data.user = "alice";
  expect(socket.data).toEqual({ user: "alice" });
  socket.data = 7;
  expect(socket.data).toBe(7);
});

test("connected and disconnected are opposites, from middleware to the end", async () => {
  await using server = await startServer();
  const seen: boolean[][] = [];
  const note = (socket: ServerSocket): void =>
    void seen.push([socket.connected, socket.disconnected]);
  server.io.use((socket, next) => {
    note(socket);
    next();
  });
  server.io.on("connection", note);
  const { client, socket } = await server.pair();
  socket.on("disconnecting", () => note(socket));
  socket.on("disconnect", () => note(socket));
  const left = event(socket, "disconnect");
  client.disconnect();
  await left;
  expect(seen).toEqual([
    [false, true],
    [true, false],
    [true, false],
    [false, true],
  ]);
});

test("rooms is live while connected, and empty afterwards", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  const { rooms } = socket;
  void socket.join("a");
  expect([...rooms]).toEqual([socket.id, "a"]);
  void socket.leave("a");
  expect([...rooms]).toEqual([socket.id]);
  const left = event(socket, "disconnect");
  client.disconnect();
  await left;
  expect([...socket.rooms]).toEqual([]);
});

test("leaving one's own room, and a room one is not in, does no harm", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  void socket.leave("nowhere");
  void socket.leave(socket.id);
  expect([...socket.rooms]).toEqual([]);
  const heard = record(client, "x");
  answerFences(client);
  server.io.to(socket.id).emit("x");
  await settled(socket);
  expect(heard).toEqual([]);
});

test("a socket is in sockets by its id until it has left", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair("/a");
  const { sockets } = server.io.of("/a");
  expect([...sockets.keys()]).toEqual([socket.id]);
  const left = event(socket, "disconnect");
  client.disconnect();
  await left;
  expect(sockets.size).toBe(0);
});

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

test("modifiers return the socket itself, addresses a new operator each", async () => {
  await using server = await startServer();
  const { socket } = await server.pair();
  for (const same of [socket.volatile, socket.compress(true), socket.timeout(5)] as unknown[]) {
    expect(same).toBe(socket);
  }
  const operators = [socket.to("a"), socket.in("a"), socket.except("a"), socket.broadcast];
  expect(new Set([...operators, socket.local, socket.broadcast]).size).toBe(6);
});

test("a flag is for one event, also when that event is an address", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  answerFences(client);
  const flags: unknown[] = [];
  const { adapter } = socket.nsp;
  const broadcast = adapter.broadcast.bind(adapter);
  adapter.broadcast = (packet, options) => {
    flags.push(options.flags);
    broadcast(packet, options);
  };
  socket.volatile.compress(false).broadcast.emit("x");
  socket.broadcast.emit("x");
  expect(flags[0]).toMatchObject({ volatile: true, compress: false });
  expect((flags[1] as { volatile?: boolean } | undefined)?.volatile).toBeUndefined();
  await settled(socket);
});

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

test("rooms may have any value that a Map takes as key", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  answerFences(client);
  const heard = record(client, "x");
  const key = { an: "object" };
  for (const room of [1, key, ""] as unknown as string[]) {
    void socket.join(room);
    server.io.to(room).emit("x", String(room));
  }
  await settled(socket);
  expect(heard).toEqual([["1"], ["[object Object]"], [""]]);
});

test("join and leave return nothing with the adapter in memory", async () => {
  await using server = await startServer();
  const { socket } = await server.pair();
  expect(socket.join("a")).toBeUndefined();
  expect(socket.join(["b", "c"])).toBeUndefined();
  expect(socket.leave("a")).toBeUndefined();
  expect([...socket.rooms]).toEqual([socket.id, "b", "c"]);
});

test("join and leave return what the adapter returns", async () => {
  await using server = await startServer();
  const { socket } = await server.pair();
  const promise = Promise.resolve();
  socket.nsp.adapter.addAll = () => promise;
  socket.nsp.adapter.del = () => promise;
  expect(socket.join("a")).toBe(promise);
  expect(socket.leave("a")).toBe(promise);
});

test("symbols and the empty name: what Node's emitter takes, listeners take", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  const heard = event(socket, "");
  client.emit("", 1);
  expect(await heard).toEqual([1]);
  const name = Symbol("x");
  const listener = (): void => {};
  socket.on(name as unknown as string, listener);
  expect(socket.listeners(name as unknown as string)).toEqual([listener]);
  expect(socket.eventNames()).toContain(name);
});

test("names that members have are events like any other", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  for (const name of ["__proto__", "constructor", "toString", "join", "message", "connection"]) {
    const heard = event(socket, name);
    client.emit(name, name);
    expect(await heard).toEqual([name]);
  }
});

test("disconnect() answers with the socket, twice as well", async () => {
  await using server = await startServer();
  const { socket } = await server.pair();
  expect(socket.disconnect()).toBe(socket);
  expect(socket.disconnect(true)).toBe(socket);
});

test("disconnect before CONNECT is through is ignored", async () => {
  await using server = await startServer();
  server.io.use((socket, next) => {
    socket.disconnect(true);
    next();
  });
  const { socket } = await server.pair();
  expect(socket.connected).toBe(true);
});

test("a listener of connection that disconnects: the client hears CONNECT, then the end", async () => {
  await using server = await startServer();
  server.io.on("connection", (socket) => void socket.disconnect());
  const client = server.fast();
  const order: unknown[] = [];
  client.on("connect", () => void order.push("connect"));
  client.on("disconnect", (reason) => void order.push(reason));
  await event(client, "disconnect");
  expect(order).toEqual(["connect", "io server disconnect"]);
  expect(server.io.sockets.sockets.size).toBe(0);
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

test("rooms joined in disconnect are none", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  const left = new Promise<void>((resolve) => {
    socket.on("disconnect", () => {
      void socket.join("late");
      resolve();
    });
  });
  client.disconnect();
  await left;
  expect(server.io.sockets.adapter.rooms.has("late")).toBe(false);
  expect(server.io.sockets.adapter.sids.has(socket.id)).toBe(false);
});

test("what comes after the server put the peer out of the namespace is ignored", async () => {
  await using server = await startServer();
  const other = server.joined("/a");
  const { peer, socket } = await joinedPeer(server);
  await peer.join("/a");
  const heard = record(socket, "x");
  socket.on("leave", () => void socket.disconnect());
  // One segment: the peer cannot have heard of it.
  (peer.ws as unknown as { _socket: { cork(): void; uncork(): void } })._socket.cork();
  peer.send('42["leave"]');
  peer.send('42["x"]');
  peer.send('42/a,["x"]');
  (peer.ws as unknown as { _socket: { cork(): void; uncork(): void } })._socket.uncork();
  await event(await other, "x");
  expect(heard).toEqual([]);
  expect(await peer.next()).toBe("41");
  expect(await peer.join()).toMatch(/^40\{/);
  peer.close();
});

test("onAny family: each returns the socket, lists are in order", async () => {
  await using server = await startServer();
  const { socket } = await server.pair();
  const [a, b, c] = [() => {}, () => {}, () => {}];
  expect(socket.onAny(a)).toBe(socket);
  expect(socket.onAny(b)).toBe(socket);
  expect(socket.prependAny(c)).toBe(socket);
  expect(socket.listenersAny()).toEqual([c, a, b]);
  expect(socket.offAny(a)).toBe(socket);
  expect(socket.listenersAny()).toEqual([c, b]);
  expect(socket.onAnyOutgoing(a)).toBe(socket);
  expect(socket.prependAnyOutgoing(b)).toBe(socket);
  expect(socket.listenersAnyOutgoing()).toEqual([b, a]);
  expect(socket.offAnyOutgoing(b)).toBe(socket);
  expect(socket.offAnyOutgoing()).toBe(socket);
  expect(socket.listenersAnyOutgoing()).toEqual([]);
  expect(socket.offAny()).toBe(socket);
  expect(socket.listenersAny()).toEqual([]);
});

test("onAny hears events whose name has no listener, and not those of the library", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  const heard: unknown[] = [];
  socket.onAny((...args: unknown[]) => heard.push(args));
  client.emit("unknown", 1);
  const left = event(socket, "disconnect");
  client.emit("more");
  client.disconnect();
  await left;
  expect(heard).toEqual([["unknown", 1], ["more"]]);
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

test("once on a server socket hears one event", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  const heard: unknown[] = [];
  socket.once("x", (value) => void heard.push(value));
  const fence = event(socket, "fence");
  client.emit("x", 1);
  client.emit("x", 2);
  client.emit("fence");
  await fence;
  expect(heard).toEqual([1]);
  expect(socket.listenerCount("x")).toBe(0);
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
