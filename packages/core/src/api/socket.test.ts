// What a server socket does, over an engine in memory: joining, what it sends, its addresses and flags, and leaving.

import { afterEach, expect, test } from "vitest";
import { MemoryServer } from "../../test/memory-server.ts";
import { come, read, sockets, start } from "../../test/recovering.ts";
import type { Socket } from "./socket.ts";

let server: MemoryServer;

afterEach(() => server.end());

/** A peer in the main namespace, and its socket. */
function joined() {
  server = new MemoryServer({}, { pingInterval: 1e9, pingTimeout: 1e9 });
  return another();
}

function another() {
  const { raw } = come(server);
  return { raw, socket: sockets(server).at(-1) as Socket };
}

test("SO6 events that are sent with CONNECT in one turn find the listeners of connection", () => {
  server = new MemoryServer();
  const heard: unknown[] = [];
  server.on("connection", (socket) => void socket.on("x", (value: unknown) => heard.push(value)));
  const raw = server.dial();
  raw.transmit("40");
  raw.transmit('42["x",1]');
  expect(heard).toEqual([1]);
});

test("SO4 a namespace that was left can be joined again, and the others stay", () => {
  const { raw, socket } = joined();
  server.of("/a");
  raw.transmit("40/a,");
  const [first] = server.of("/a").sockets.keys();
  raw.transmit("41/a,");
  raw.transmit("40/a,");
  const [second] = server.of("/a").sockets.keys();
  expect(second).toMatch(/^[\w-]{20}$/);
  expect(second).not.toBe(first);
  expect(socket.connected).toBe(true);
});

test("SO3 an unknown namespace may be asked for as often as the peer likes", () => {
  const { raw, socket } = joined();
  for (const _ of [1, 2]) raw.transmit("40/nowhere,");
  expect(read(raw)).toEqual(Array(2).fill('44/nowhere,{"message":"Invalid namespace"}'));
  expect(socket.connected).toBe(true);
});

test("SO10 a peer that middleware refused may try again over the same connection", () => {
  server = new MemoryServer();
  let isOpen = false;
  server.use((_socket, next) => next(isOpen ? undefined : new Error("not yet")));
  const raw = server.dial();
  raw.transmit("40");
  expect(read(raw).at(-1)).toBe('44{"message":"not yet"}');
  isOpen = true;
  raw.transmit("40");
  expect(read(raw).at(-1)).toMatch(/^40\{"sid":/);
});

test("SO17 emit, send and write send one packet each, and return what they were called on or true", () => {
  const { raw, socket } = joined();
  expect(socket.emit("x", 1, "two")).toBe(true);
  expect(socket.send("a")).toBe(socket);
  expect(socket.write("b")).toBe(socket);
  expect(read(raw)).toEqual(['42["x",1,"two"]', '42["message","a"]', '42["message","b"]']);
  for (const each of [server, server.of("/a"), server.to("r"), socket.broadcast]) {
    expect(each.emit("x")).toBe(true);
    expect(each.timeout(1).emit("x", () => {})).toBe(true);
  }
});

test.each(["connect", "connect_error", "disconnect", "disconnecting", "newListener"])(
  "SO18 %s is refused by every way of emitting",
  (name) => {
    const { raw, socket } = joined();
    const text = `"${name}" is a reserved event name`;
    expect(() => socket.emit(name)).toThrow(text);
    expect(() => socket.emitWithAck(name)).toThrow(text);
    for (const each of [server, server.to("r"), server.of("/a"), socket.broadcast]) {
      expect(() => each.emit(name)).toThrow(text);
      expect(() => each.emitWithAck(name)).toThrow(text);
      expect(() => each.emitWithOutcome(name)).toThrow(text);
    }
    expect(read(raw)).toEqual([]);
  },
);

test("SO26 the question is sent without its callback, which is called with all of the answer", async () => {
  const { raw, socket } = joined();
  const answers: unknown[][] = [];
  expect(socket.emit("ask", 1, (...args: unknown[]) => answers.push(args))).toBe(true);
  const asked = socket.emitWithAck("ask");
  expect(read(raw)).toEqual(['420["ask",1]', '421["ask"]']);
  raw.transmit('430["a","b"]');
  raw.transmit('431["c","d"]');
  expect(answers).toEqual([["a", "b"]]);
  expect(await asked).toBe("c");
});

test("SO28 emitWithAck rejects when its time is up, and forgets the time-out when the answer comes", async () => {
  const { raw, socket } = joined();
  const late = socket.timeout(10).emitWithAck("ask");
  const inTime = socket.timeout(10).emitWithAck("ask");
  raw.transmit("431[7]");
  server.clock.advance(10);
  await expect(late).rejects.toThrow("operation has timed out");
  expect(await inTime).toBe(7);
});

test("SO29 flags are for the next event only, also when that is an address", () => {
  const { socket } = joined();
  const packets: unknown[] = [];
  socket.conn.on("packetCreate", (packet) => {
    packets.push((packet as { options: { compress: boolean } }).options.compress);
  });
  socket.compress(false).emit("x");
  socket.emit("x");
  socket.compress(false).broadcast.emit("x");
  socket.emit("x");
  expect(packets).toEqual([false, true, true]);
});

test("SO31 answers ask for compression as events do", () => {
  const { raw, socket } = joined();
  const packets: unknown[] = [];
  socket.on("ask", (answer: (value: number) => void) => answer(1));
  socket.conn.on("packetCreate", (packet) => void packets.push(packet));
  raw.transmit('420["ask"]');
  expect(packets).toMatchObject([{ data: "30[1]", options: { compress: true } }]);
});

test("SO34 addresses of a socket leave it out, whatever they name", () => {
  const { raw, socket } = joined();
  const other = another();
  void socket.join("r");
  void other.socket.join("r");
  read(raw);
  const addresses = [socket.broadcast, socket.local, socket.to("r"), socket.in(["r"])];
  for (const [at, each] of addresses.entries()) each.emit("x", at);
  socket.except("r").emit("x", "none");
  socket.to(socket.id).emit("x", "none");
  expect(read(raw)).toEqual([]);
  expect(read(other.raw)).toEqual([0, 1, 2, 3].map((at) => `42["x",${at}]`));
});

test("SO40 rooms are live, one's own among them; after the end there are none", () => {
  const { raw, socket } = joined();
  void socket.join(["a", "b"]);
  void socket.leave("a");
  expect([...socket.rooms]).toEqual([socket.id, "b"]);
  raw.transmit("41");
  void socket.join("late");
  expect([...socket.rooms]).toEqual([]);
});

test("SO47 what is emitted after disconnect() is not sent, and what the peer sends is no breach", () => {
  const { raw, socket } = joined();
  expect(socket.disconnect()).toBe(socket);
  expect(socket.disconnect()).toBe(socket);
  expect(socket.emit("x", 1)).toBe(true);
  raw.transmit('42["on its way"]');
  expect(read(raw)).toEqual(["41"]);
  raw.transmit("40");
  expect(read(raw).map(String)).toEqual([expect.stringMatching(/^40\{"sid":/)]);
});

test("SO54 without an Origin header the request came from no other domain", () => {
  const { socket } = joined();
  expect(socket.handshake).toMatchObject({
    xdomain: false,
    query: { EIO: "4", transport: "websocket" },
  });
});

test("RE15 a question of middleware gets no offset, though it ends with a string", () => {
  server = start();
  server.use((socket, next) => {
    socket.emit("ask", "text", () => {});
    next();
  });
  expect(come(server).missed).toEqual(['420["ask","text"]']);
});
