// Events of one socket: sending and hearing them, catch-all listeners, middleware per event, odd names.

import { expect, test } from "vitest";
import { answerFences, event, record, settled, startServer } from "../test/running-server.ts";
import { WirePeer } from "../test/wire.ts";

const RESERVED = [
  "connect",
  "connect_error",
  "disconnect",
  "disconnecting",
  "newListener",
  "removeListener",
];

test("SO17 emit sends one frame: the name and the arguments as JSON", async () => {
  await using server = await startServer();
  const peer = await WirePeer.open(server.port);
  server.io.of("/a");
  const joined = server.joined();
  await peer.join();
  const socket = await joined;
  expect(socket.emit("hello", "world")).toBe(true);
  expect(await peer.next()).toBe('42["hello","world"]');
  socket.emit("x", 1, null, undefined, {
    a: [new Date(0)],
    b: undefined,
    c: { toJSON: () => "j" },
  });
  expect(await peer.next()).toBe('42["x",1,null,null,{"a":["1970-01-01T00:00:00.000Z"],"c":"j"}]');
  socket.emit("bytes", { a: Buffer.from([1]), b: new Uint8Array([2]).buffer });
  expect(await peer.next()).toBe(
    '452-["bytes",{"a":{"_placeholder":true,"num":0},"b":{"_placeholder":true,"num":1}}]',
  );
  expect([await peer.next(), await peer.next()]).toEqual([Buffer.from([1]), Buffer.from([2])]);
  const inside = server.joined("/a");
  await peer.join("/a");
  (await inside).emit("y");
  expect(await peer.next()).toBe('42/a,["y"]');
  peer.close();
});

test("SO17 what the peer sends reaches the listeners of its name, arguments as they were", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  const heard = event(socket, "x");
  client.emit("x", 1, "2", [3], { four: 5 }, null, Buffer.from([6]));
  const [one, two, three, four, five, six] = await heard;
  expect([one, two, three, four, five]).toEqual([1, "2", [3], { four: 5 }, null]);
  expect(Buffer.from(six)).toEqual(Buffer.from([6]));
});

test("SO17 send and write emit message", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  const heard = record(client, "message");
  answerFences(client);
  expect(socket.send("a", 1)).toBe(socket);
  expect(socket.write("b")).toBe(socket);
  await settled(socket);
  expect(heard).toEqual([["a", 1], ["b"]]);
});

test.each(RESERVED)("SO18 %s cannot be emitted", async (name) => {
  await using server = await startServer();
  const { socket } = await server.pair();
  const text = `"${name}" is a reserved event name`;
  expect(() => socket.emit(name)).toThrow(text);
  expect(() => socket.to("room").emit(name)).toThrow(text);
  expect(() => server.io.emit(name)).toThrow(text);
});

test("SO20 catch-all listeners hear every event first, in order; prependAny goes before them", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  const heard: unknown[] = [];
  const second = (...args: unknown[]): void => void heard.push(["second", ...args]);
  socket.on("x", (...args) => void heard.push(["x", ...args]));
  socket.onAny(second);
  socket.prependAny((...args: unknown[]) => void heard.push(["first", ...args]));
  socket.use((_event, next) => {
    heard.push("middleware");
    next();
  });
  expect(socket.listenersAny()).toHaveLength(2);
  socket.on("x", (_one: number, _text: string, answer: () => void) => answer());
  await client.emitWithAck("x", 1, "ack below");
  socket.offAny(second);
  expect(socket.listenersAny()).toHaveLength(1);
  socket.offAny();
  expect(socket.listenersAny()).toEqual([]);
  expect(heard).toEqual([
    ["first", "x", 1, "ack below", expect.any(Function)],
    ["second", "x", 1, "ack below", expect.any(Function)],
    "middleware",
    ["x", 1, "ack below", expect.any(Function)],
  ]);
});

test("SO21 outgoing catch-all listeners hear what is sent, broadcasts too, but no acknowledgements", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  const heard: unknown[] = [];
  const second = (...args: unknown[]): void => void heard.push(["second", ...args]);
  socket.onAnyOutgoing(second);
  socket.prependAnyOutgoing((...args: unknown[]) => void heard.push(["first", ...args]));
  expect(socket.listenersAnyOutgoing()).toHaveLength(2);
  socket.on("ask", (answer: (data: string) => void) => answer("data"));
  socket.emit("one", 1);
  server.io.emit("all", 2);
  expect(await client.emitWithAck("ask")).toBe("data");
  socket.offAnyOutgoing(second);
  socket.emit("last");
  socket.offAnyOutgoing();
  socket.emit("unheard");
  expect(heard).toEqual([
    ["first", "one", 1],
    ["second", "one", 1],
    ["first", "all", 2],
    ["second", "all", 2],
    ["first", "last"],
  ]);
});

test("SO22 middleware of a socket hears events in order and may keep them from the listeners", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  const order: unknown[] = [];
  socket.use(([name, ...args], next) => {
    order.push(["1", name, ...args]);
    if (name === "late") setImmediate(next);
    else next(name === "bad" ? new Error("refused") : undefined);
  });
  socket.use(([name], next) => {
    order.push(["2", name]);
    next();
  });
  for (const name of ["good", "late", "bad"])
    socket.on(name, () => void order.push(["heard", name]));
  const failed = event(socket, "error");
  const late = event(socket, "late");
  const good = event(socket, "good");
  client.emit("good", 7);
  await good;
  client.emit("bad");
  const [error] = await failed;
  expect(error.message).toBe("refused");
  client.emit("late");
  await late;
  await expect.poll(() => order.length).toBe(7);
  expect(order).toEqual([
    ["1", "good", 7],
    ["2", "good"],
    ["heard", "good"],
    ["1", "bad"],
    ["1", "late"],
    ["2", "late"],
    ["heard", "late"],
  ]);
});

test("SO22 middleware may change what the listeners hear", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  socket.use((packet, next) => {
    packet[1] = "changed";
    next();
  });
  const heard = event(socket, "x");
  client.emit("x", "sent");
  expect(await heard).toEqual(["changed"]);
});

test("SO22 an event whose middleware ends after the disconnection is not heard", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  const heard = record(socket, "x");
  const held = new Promise<() => void>((resolve) => socket.use((_packet, next) => resolve(next)));
  client.emit("x");
  const next = await held;
  const left = event(socket, "disconnect");
  client.disconnect();
  await left;
  next();
  await new Promise(setImmediate);
  expect(heard).toEqual([]);
});

test("SO23 an error event without a listener does no harm", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  socket.use(([name], next) => next(name === "bad" ? new Error("refused") : undefined));
  const heard = event(socket, "good");
  client.emit("bad");
  client.emit("good");
  await heard;
  expect(client.connected).toBe(true);
});

test("SO24 names that are numbers are heard under the number and its text", async () => {
  await using server = await startServer();
  const joined = server.joined();
  const peer = await WirePeer.open(server.port);
  await peer.join();
  const socket = await joined;
  const byNumber = record(socket, 7 as unknown as string);
  const heard = event(socket, "7");
  peer.send('42[7,"seven"]');
  expect(await heard).toEqual(["seven"]);
  expect(byNumber).toEqual([["seven"]]);
  peer.close();
});

test("SO24 error is an event like any other on the wire", async () => {
  await using server = await startServer();
  const joined = server.joined();
  const peer = await WirePeer.open(server.port);
  await peer.join();
  const heard = event(await joined, "error");
  peer.send('42["error","from the peer"]');
  expect(await heard).toEqual(["from the peer"]);
  peer.close();
});

test("SO25 listener methods are Node's", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  const heard: number[] = [];
  const two = (): void => void heard.push(2);
  socket.on("x", two);
  socket.addListener("x", () => void heard.push(3));
  socket.prependListener("x", () => void heard.push(1));
  socket.once("x", () => void heard.push(4));
  socket.prependOnceListener("x", () => void heard.push(0));
  expect(socket.listenerCount("x")).toBe(5);
  const emit = async (): Promise<number[]> => {
    const fence = event(socket, "fence");
    client.emit("x");
    client.emit("fence");
    await fence;
    return heard.splice(0);
  };
  expect(await emit()).toEqual([0, 1, 2, 3, 4]);
  expect(await emit()).toEqual([1, 2, 3]);
  socket.off("x", two);
  expect(await emit()).toEqual([1, 3]);
  socket.removeAllListeners("x");
  expect(await emit()).toEqual([]);
  expect(() => socket.on("x", "no function" as never)).toThrow(TypeError);
});
