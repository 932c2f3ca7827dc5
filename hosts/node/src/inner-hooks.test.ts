// What packages for Socket.IO call or replace although it is not documented: methods of a socket on the way of a packet,
// and Node's emitter methods. With CONTROL=socket.io the real one does the same.

import { EventEmitter, getEventListeners } from "node:events";
import { expect, test, vi } from "vitest";
import {
  event,
  isControl,
  record,
  type ServerSocket,
  startServer,
} from "../test/running-server.ts";

type Packet = { type: number; nsp: string; id?: number; data?: unknown[] };
type Hook = (this: Inner, ...args: never[]) => unknown;

/** The members that the tests touch. */
interface Inner {
  _onpacket(packet: Packet): void;
  onevent(packet: Packet): void;
  dispatch(event: unknown[]): void;
  packet(packet: Packet, options?: object): void;
  ack(id: number): (...args: unknown[]) => void;
  run(event: unknown[], done: (error?: Error) => void): void;
  leaveAll(): void;
  _onclose(reason: string, details?: unknown): unknown;
  _onerror(error: Error): void;
  emitReserved(event: string, ...args: unknown[]): boolean;
  emitUntyped(event: string, ...args: unknown[]): boolean;
  ondisconnect(): void;
  readonly _events: Record<string, unknown>;
  readonly client: {
    _packet(packet: Packet, options?: object): void;
    _disconnect(): void;
    readonly conn: { readonly server: { readonly clientsCount: number } };
  };
}

const inner = (socket: unknown): Inner => socket as Inner;

/** Replaces a method of one socket by one that notes its first argument and goes on. */
function spyOn(socket: ServerSocket, name: keyof Inner & string): unknown[] {
  const seen: unknown[] = [];
  const holder = socket as unknown as Record<string, Hook>;
  const original = holder[name] as Hook;
  holder[name] = function (this: Inner, ...args: never[]) {
    seen.push(args[0]);
    return original.apply(this, args);
  };
  return seen;
}

test("NH102 a packet passes _onpacket, onevent, dispatch, in this order, when one of them is replaced", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  const passed: string[] = [];
  for (const name of ["_onpacket", "onevent", "dispatch"] as const) {
    const original = inner(socket)[name].bind(socket) as (argument: never) => void;
    (inner(socket) as unknown as Record<string, unknown>)[name] = (argument: never) => {
      passed.push(name);
      original(argument);
    };
  }
  socket.use((_event, next) => {
    passed.push("middleware");
    next();
  });
  socket.onAny(() => passed.push("any"));
  socket.on("x", (_value, answer) => {
    passed.push("listener");
    answer("heard");
  });
  expect(await client.emitWithAck("x", 1)).toBe("heard");
  expect(passed).toEqual(["_onpacket", "onevent", "any", "dispatch", "middleware", "listener"]);
});

test("NH102 onevent that was replaced on one socket gets the packet, and decides what is raised", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  const other = await server.pair();
  const original = inner(socket).onevent;
  const packets: Packet[] = [];
  inner(socket).onevent = function (packet) {
    packets.push({ ...packet, data: [...(packet.data ?? [])] });
    packet.data = ["renamed", ...(packet.data ?? []).slice(1)];
    original.call(this, packet);
  };
  const heard = event(socket, "renamed");
  const untouched = event(other.socket, "x");
  client.emit("x", 1, Buffer.from([7]));
  other.client.emit("x", 2);
  expect(await heard).toEqual([1, Buffer.from([7])]);
  expect(await untouched).toEqual([2]);
  expect(packets).toMatchObject([{ nsp: "/", data: ["x", 1, Buffer.from([7])] }]);
});

test("NH102 onevent called twice raises twice, as packages do for a wildcard", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  const original = inner(socket).onevent;
  inner(socket).onevent = function (packet) {
    const args = packet.data ?? [];
    original.call(this, packet);
    packet.data = ["*", ...args];
    original.call(this, packet);
  };
  const heard: unknown[] = [];
  socket.on("x", (...args) => heard.push(["x", ...args]));
  const starred = event(socket, "*");
  client.emit("x", 1);
  heard.push(await starred);
  expect(heard).toEqual([
    ["x", 1],
    ["x", 1],
  ]);
});

test("NH102 onevent on the class holds for every socket", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  const prototype = Object.getPrototypeOf(socket) as Inner;
  const hadOwn = Object.hasOwn(prototype, "onevent");
  const original = prototype.onevent;
  const seen: unknown[] = [];
  prototype.onevent = function (packet) {
    seen.push(packet.data?.[0]);
    original.call(this, packet);
  };
  try {
    expect(socket.listenerCount("x")).toBe(0);
    socket.on("x", (answer) => answer());
    await client.emitWithAck("x");
    expect(seen).toEqual(["x"]);
  } finally {
    prototype.onevent = original;
    if (!hadOwn) delete (prototype as Partial<Inner>).onevent;
  }
});

test("NH102 ack(id) is the function that acknowledges", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  inner(socket).onevent = (packet) => {
    const answer = inner(socket).ack(packet.id as number);
    answer(packet.data?.[0], "first");
    answer("again");
  };
  expect(await client.timeout(2000).emitWithAck("x", 1)).toBe("x");
});

test("NH103 packet is called for what this client alone is sent: events, answers, DISCONNECT", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  const seen = spyOn(socket, "packet") as Packet[];
  const outgoing: unknown[] = [];
  socket.onAnyOutgoing((...args) => outgoing.push(args));
  socket.on("question", (answer) => answer(42));
  const heard = event(client, "x");
  socket.emit("x", 1);
  expect(await heard).toEqual([1]);
  expect(await client.emitWithAck("question")).toBe(42);
  const asked = new Promise((resolve) => client.once("back", (answer) => resolve(answer("yes"))));
  expect(await socket.timeout(2000).emitWithAck("back")).toBe("yes");
  await asked;
  const toAll = event(client, "all");
  server.io.emit("all");
  await toAll;
  const left = event(client, "disconnect");
  socket.disconnect();
  expect((await left)[0]).toBe("io server disconnect");
  expect(seen.map(({ type, data }) => [type, data?.[0]])).toEqual([
    [2, "x"],
    [3, 42],
    [2, "back"],
    [1, undefined],
  ]);
  // Not for a broadcast, but that is told to catch-all listeners too.
  expect(outgoing.map((args) => (args as unknown[])[0])).toEqual(["x", "back", "all"]);
});

test("NH103 what packet throws reaches emit, and a packet that it swallows is not sent", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  const original = inner(socket).packet;
  inner(socket).packet = function (packet, options) {
    const name = packet.data?.[0];
    if (name === "bad") throw new Error("refused by a package");
    if (name !== "secret") original.call(this, packet, options);
  };
  expect(() => socket.emit("bad")).toThrow("refused by a package");
  const heard = record(client, "secret");
  const fence = event(client, "fence");
  socket.emit("secret");
  socket.emit("fence");
  await fence;
  expect(heard).toEqual([]);
});

test("NH104 Node's emit raises on a socket: karma and socketio-wildcard do so", async () => {
  await using server = await startServer();
  const { socket } = await server.pair();
  const { emit } = EventEmitter.prototype;
  const heard: unknown[] = [];
  socket.on("x", (...args) => heard.push(["first", ...args]));
  socket.once("x", (...args) => heard.push(["once", ...args]));
  socket.prependListener("x", (...args) => heard.push(["front", ...args]));
  expect(emit.call(socket as never, "x", 1, 2)).toBe(true);
  expect(emit.call(socket as never, "x", 3)).toBe(true);
  expect(emit.call(socket as never, "nothing")).toBe(false);
  expect(heard).toEqual([
    ["front", 1, 2],
    ["first", 1, 2],
    ["once", 1, 2],
    ["front", 3],
    ["first", 3],
  ]);
  // A client names its events: one called "error" must not end the process.
  expect(emit.call(socket as never, "error", new Error("x"))).toBe(true);
  expect(emit.call(server.io.sockets as never, "x")).toBe(false);
});

test("NH108 emitters are instances of Node's class, with every method of it", async () => {
  await using server = await startServer();
  const { socket } = await server.pair();
  for (const emitter of [server.io, server.io.sockets, socket, socket.conn, server.io.engine]) {
    expect(emitter).toBeInstanceOf(EventEmitter);
    for (const name of Object.keys(EventEmitter.prototype).filter((key) => !key.startsWith("_"))) {
      expect(name in emitter, name).toBe(true);
    }
  }
  const heard = record(socket, "x");
  expect(getEventListeners(socket as never, "x")).toHaveLength(1);
  expect(socket.listenerCount("x")).toBe(1);
  expect(EventEmitter.prototype.emit.call(socket as never, "x", 1)).toBe(true);
  expect(heard).toEqual([[1]]);
});

test("NH104 the names of Node's emitter's own list", async () => {
  await using server = await startServer();
  const { socket } = await server.pair();
  const one = (): void => {};
  const two = (): void => {};
  socket.on("a", one).on("b", one).on("b", two);
  const events = inner(socket)._events;
  expect(Object.keys(events)).toEqual(expect.arrayContaining(["a", "b"]));
  expect(events["a"]).toBe(one);
  expect(events["b"]).toEqual([one, two]);
});

test("NH105 once goes through on, addListener does not: packages that replace both count once", async () => {
  await using server = await startServer();
  const { socket } = await server.pair();
  for (const target of [socket, socket.conn, server.io.engine] as unknown as EventEmitter[]) {
    const calls: string[] = [];
    for (const name of ["on", "addListener"] as const) {
      const original = target[name];
      target[name] = function (this: EventEmitter, ...args: Parameters<typeof original>) {
        calls.push(name);
        return original.apply(this, args);
      };
    }
    const listener = vi.fn<() => void>();
    target.on("a", listener);
    target.addListener("a", listener);
    target.once("a", listener);
    target.prependListener("a", listener);
    target.prependOnceListener("a", listener);
    expect(calls).toEqual(["on", "addListener", "on"]);
    expect(target.listeners("a")).toEqual(Array.from({ length: 5 }, () => listener));
    EventEmitter.prototype.emit.call(target, "a");
    EventEmitter.prototype.emit.call(target, "a");
    expect(listener).toHaveBeenCalledTimes(8);
    expect(target.listenerCount("a")).toBe(3);
    target.once("a", listener);
    target.removeListener("a", listener);
    expect(target.listenerCount("a")).toBe(3);
  }
});

test("NH105 a once listener through a replaced on is removed before its call, and by its own function", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  const { on } = socket;
  socket.on = function (this: ServerSocket, ...args: Parameters<typeof on>) {
    return on.apply(this, args);
  } as typeof on;
  const heard = vi.fn<() => void>();
  socket.once("x", heard);
  socket.once("y", heard);
  socket.off("y", heard);
  expect([socket.listenerCount("x"), socket.listenerCount("y")]).toEqual([1, 0]);
  expect(() => socket.once("x", 5 as never)).toThrow(TypeError);
  const done = event(socket, "done");
  for (const name of ["x", "x", "y", "done"]) client.emit(name);
  await done;
  expect(heard).toHaveBeenCalledTimes(1);
});

test("NH106 _onclose that was replaced is told how the socket leaves, and may finish first", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  const reasons = spyOn(socket, "_onclose");
  const left = event(socket, "disconnect");
  client.disconnect();
  expect((await left)[0]).toBe("client namespace disconnect");
  expect(reasons).toEqual(["client namespace disconnect"]);
  expect(server.io.sockets.sockets.size).toBe(0);
});

test("NH106 methods that packages call", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  const heard: unknown[] = [];
  socket.on("x", (...args) => heard.push(args));
  expect(inner(socket).emitUntyped("x", 1)).toBe(true);
  expect(inner(socket).emitReserved("x", 2)).toBe(true);
  expect(inner(socket).emitUntyped("nothing")).toBe(false);
  expect(heard).toEqual([[1], [2]]);
  const wrong = new Error("wrong");
  const told = event(socket, "error");
  inner(socket)._onerror(wrong);
  expect((await told)[0]).toBe(wrong);
  socket.use((_event, next) => next(wrong));
  expect(await new Promise((resolve) => inner(socket).run(["x"], resolve))).toBe(wrong);
  void socket.join("room");
  inner(socket).leaveAll();
  expect([...socket.rooms]).toEqual([]);
  const raw = event(client, "raw");
  inner(socket).client._packet({ type: 2, nsp: "/", data: ["raw", 3] });
  expect(await raw).toEqual([3]);
  const dispatched = event(server.io.sockets, "dispatched");
  (server.io.sockets as unknown as Inner).emitUntyped("dispatched", 4);
  expect(await dispatched).toEqual([4]);
});

test("NH106 the engine of a connection, and ways to end it", async () => {
  await using server = await startServer();
  const { client, socket } = await server.pair();
  const { conn } = inner(socket).client;
  expect(conn.server).toBe(server.io.engine);
  expect(conn.server.clientsCount).toBe(1);
  const left = event(client, "disconnect");
  inner(socket).client._disconnect();
  expect((await left)[0]).toBe("io server disconnect");
  const second = await server.pair();
  const gone = event(second.socket, "disconnect");
  inner(second.socket).ondisconnect();
  expect((await gone)[0]).toBe("client namespace disconnect");
});

test.skipIf(isControl)("NH102 what a replaced method throws is an error of user code", async () => {
  const errors: unknown[] = [];
  await using server = await startServer({
    onListenerError: (error: unknown, _socket: unknown, name: string) => errors.push([error, name]),
  });
  const { client, socket } = await server.pair();
  const wrong = new Error("wrong");
  inner(socket).onevent = () => {
    throw wrong;
  };
  inner(socket)._onclose = () => {
    throw wrong;
  };
  client.emit("x");
  const closed = event(socket.conn, "close");
  client.disconnect();
  await closed;
  expect(errors).toEqual([
    [wrong, "onevent"],
    [wrong, "_onclose"],
  ]);
});

test.skipIf(isControl)(
  "NH103 a packet that throws does not keep other sockets from being disconnected",
  async () => {
    const errors: unknown[] = [];
    await using server = await startServer({
      onListenerError: (error: unknown, _socket: unknown, name: string) =>
        errors.push([error, name]),
    });
    const pairs = [await server.pair(), await server.pair(), await server.pair()];
    const wrong = new Error("wrong");
    inner((pairs[0] as (typeof pairs)[number]).socket).packet = () => {
      throw wrong;
    };
    server.io.disconnectSockets();
    expect(pairs.map(({ socket }) => socket.connected)).toEqual([false, false, false]);
    expect(errors).toEqual([[wrong, "packet"]]);
  },
);
