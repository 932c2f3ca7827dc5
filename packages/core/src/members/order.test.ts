// What a broadcast causes happens after it: every receiver is sent the same broadcasts in the same order.

import { type MemorySocket, SeededRandom } from "@sockeye/testkit";
import { expect, test } from "vitest";
import { MemoryServer } from "../../test/memory-server.ts";
import { read, sockets } from "../../test/recovering.ts";
import type { Socket } from "../api/socket.ts";

const HEARTBEAT = { pingInterval: 1e9, pingTimeout: 1e9 };

/** Names of the events that have come. */
function events(raw: MemorySocket): string[] {
  return read(raw).flatMap(
    (frame) => /^42\["(?<name>[^"]*)"/.exec(String(frame))?.groups?.["name"] ?? [],
  );
}

/** A server with clients, the number of each being its place. */
async function crowd(
  count: number,
): Promise<{ server: MemoryServer; raws: MemorySocket[]; all: Socket[] }> {
  const server = new MemoryServer({}, HEARTBEAT);
  const raws: MemorySocket[] = [];
  for (let at = 0; at < count; at++) raws.push(await server.join());
  return { server, raws, all: sockets(server) };
}

/** Calls back for one outgoing event of a socket. */
function whenSent(socket: Socket | undefined, name: string, act: () => void): void {
  socket?.onAnyOutgoing((sent: string) => {
    if (sent === name) act();
  });
}

test.each([false, true])(
  "SO63 a client that a catch-all listener disconnects (close: %s) leaves after the walk; its end is told after it",
  async (close) => {
    const { all, raws, server } = await crowd(3);
    for (const socket of all) socket.on("disconnect", () => server.emit("left"));
    whenSent(all[0], "chat", () => all[1]?.disconnect(close));
    server.emit("chat");
    expect(raws.map(events)).toEqual([["chat", "left"], ["chat"], ["chat", "left"]]);
    expect(server.sockets.sockets.size).toBe(2);
  },
);

test("SO63 a broadcast that a broadcast causes comes after it for every receiver, with acknowledgement too", async () => {
  const { all, raws, server } = await crowd(3);
  whenSent(all[0], "first", () => {
    server.emit("second");
    server.timeout(1000).emit("third", () => {});
    server.volatile.emit("fourth");
  });
  server.emit("first");
  expect(raws.map(events)).toEqual(
    Array(3)
      .fill(["first"])
      .map(() => ["first", "second", "fourth"]),
  );
  // Those that ask for acknowledgements carry a number.
  const { server: asking, raws: asked, all: members } = await crowd(2);
  whenSent(members[0], "first", () => void asking.timeout(1000).emit("third", () => {}));
  asking.emit("first");
  expect(asked.map((raw) => read(raw).map((frame) => String(frame).replace(/\d+\[/, "[")))).toEqual(
    Array(2).fill(['["first"]', '["third"]']),
  );
});

test("SO63 many that are moved or disconnected by a catch-all listener are so after the walk", async () => {
  const { all, raws, server } = await crowd(4);
  server.in([all[2]?.id ?? "", all[3]?.id ?? ""]).socketsJoin("late");
  whenSent(all[0], "to all", () => {
    server.in("late").disconnectSockets();
    server.socketsJoin("room");
    server.to("room").emit("to the room");
  });
  server.emit("to all");
  expect(raws.map(events)).toEqual([
    ["to all", "to the room"],
    ["to all", "to the room"],
    ["to all"],
    ["to all"],
  ]);
});

test("SO63 a client that joins or leaves a room during a walk is met at most once", async () => {
  const { all, raws, server } = await crowd(3);
  for (const socket of all.slice(0, 2)) void socket.join("room");
  whenSent(all[0], "x", () => {
    void all[0]?.leave("room");
    void all[0]?.join("room");
    void all[1]?.leave("room");
    void all[2]?.join("room");
  });
  server.to("room").emit("x");
  expect(raws.map(events)).toEqual([["x"], [], []]);
  server.to("room").emit("y");
  expect(raws.map(events)).toEqual([["y"], [], ["y"]]);
});

test("SO63 data that cannot be serialised throws where it is emitted, within a walk as well", async () => {
  const { all, raws, server } = await crowd(2);
  const thrown: unknown[] = [];
  const attempt = (emit: () => unknown): void => {
    try {
      emit();
    } catch (error) {
      thrown.push((error as Error).constructor);
    }
  };
  const rejected: Promise<unknown>[] = [];
  whenSent(all[0], "x", () => {
    attempt(() => server.emit("bad", 1n));
    attempt(() => server.timeout(5).emit("bad", 1n, () => {}));
    rejected.push(server.emitWithOutcome("bad", 1n).catch((error: Error) => error.constructor));
    rejected.push(server.emitWithAck("bad", 1n).catch((error: Error) => error.constructor));
  });
  server.emit("x");
  expect(thrown).toEqual([TypeError, TypeError]);
  expect(await Promise.all(rejected)).toEqual([TypeError, TypeError]);
  expect([raws.map(events), server.surfaced]).toEqual([[["x"], ["x"]], []]);
});

test("SO63 a server that is closed during a walk closes after it", async () => {
  const { all, raws, server } = await crowd(3);
  const reasons: string[] = [];
  for (const socket of all) socket.on("disconnect", (reason: string) => void reasons.push(reason));
  let ended: Promise<void> | null = null;
  whenSent(all[0], "x", () => {
    ended ??= server.end();
    expect(reasons).toEqual([]);
  });
  server.emit("x");
  await ended;
  expect(raws.map(events)).toEqual([["x"], ["x"], ["x"]]);
  expect(reasons).toEqual(Array(3).fill("server shutting down"));
  await Promise.all(raws.map((raw) => raw.closed));
});

test("SO63 one client in many namespaces that is disconnected with its connection leaves each once", async () => {
  const server = new MemoryServer({}, HEARTBEAT);
  const names = ["/", "/a", "/b"];
  const left: string[] = [];
  for (const name of names) {
    server.of(name).on("connection", (socket: Socket) => {
      socket.on("disconnect", (reason: string) => {
        left.push(`${name} ${reason}`);
        server.of("/a").disconnectSockets(true);
      });
    });
  }
  const raws = [await server.join(...names), await server.join(...names)];
  server.disconnectSockets(true);
  await Promise.all(raws.map((raw) => raw.closed));
  expect(left.sort()).toEqual(
    names.flatMap((name) => Array(2).fill(`${name} server namespace disconnect`)).sort(),
  );
  expect(names.map((name) => server.of(name).sockets.size)).toEqual([0, 0, 0]);
});

test("SO63, EN84 5,000 clients that overflow together do not nest, and all others hear one order", async () => {
  const server = new MemoryServer({}, { ...HEARTBEAT, maxSendBufferSize: 1000 });
  let depth = 0;
  let deepest = 0;
  server.on("connection", (socket: Socket) => {
    socket.on("disconnect", () => {
      deepest = Math.max(deepest, ++depth);
      server.to("readers").emit("left");
      depth -= 1;
    });
  });
  const readers = [await server.join()];
  const deaf: MemorySocket[] = [];
  for (let at = 0; at < 5000; at++) deaf.push(await server.join());
  readers.push(await server.join());
  const all = sockets(server);
  for (const socket of [all[0], all.at(-1)]) void socket?.join("readers");
  for (const raw of deaf) raw.pause();
  server.emit("big", "x".repeat(1100));
  server.clock.advance(1);
  server.emit("chat", "x".repeat(200));
  expect([server.sockets.sockets.size, deepest]).toEqual([5002, 0]);
  server.clock.advance(1);
  expect([server.sockets.sockets.size, deepest, server.surfaced]).toEqual([2, 1, []]);
  const [first, last] = readers.map(events);
  expect(first).toEqual(["big", "chat", ...(Array(5000).fill("left") as string[])]);
  expect(last).toEqual(first);
});

/** Does one random thing to a server, as listeners do. */
class Mischief {
  readonly #random: SeededRandom;
  readonly #server: MemoryServer;
  #sent = 0;
  /** Lets the listeners come to an end. */
  #left = 120;

  constructor(seed: number, server: MemoryServer) {
    this.#random = new SeededRandom(seed);
    this.#server = server;
  }

  act(): void {
    if (this.#left-- <= 0) return;
    const all = sockets(this.#server);
    const socket = all[this.#random.below(Math.max(1, all.length))];
    const room = this.#random.pick(["a", "b", "c"]);
    const choices: (() => unknown)[] = [
      () => this.#server.emit(this.#name()),
      () => this.#server.to(room).emit(this.#name()),
      () => socket?.to(room).emit(this.#name()),
      () => this.#server.in(room).socketsJoin(this.#random.pick(["a", "b", "c"])),
      () => this.#server.in(room).socketsLeave(room),
      () => socket?.join(room),
      () => socket?.leave(room),
      () => socket?.disconnect(this.#random.once(2)),
      () => this.#random.once(3) && this.#server.in(room).disconnectSockets(this.#random.once(2)),
      () => {
        throw new Error("user");
      },
    ];
    choices[this.#random.below(choices.length)]?.();
    if (this.#random.once(3)) this.act();
  }

  #name(): string {
    return `n${this.#sent++}`;
  }
}

/** Whether those that both have stand in the same order in both. */
function agree(one: readonly string[], other: readonly string[]): boolean {
  const [mine, theirs] = [new Set(one), new Set(other)];
  const [left, right] = [
    one.filter((name) => theirs.has(name)),
    other.filter((name) => mine.has(name)),
  ];
  return left.join() === right.join();
}

test("SO63 whatever listeners do during walks, receivers agree on the order, and rooms on their members", async () => {
  for (let seed = 1; seed <= 60; seed++) {
    const server = new MemoryServer({ onListenerError: () => {} }, HEARTBEAT);
    const mischief = new Mischief(seed, server);
    const raws: MemorySocket[] = [];
    for (let at = 0; at < 8; at++) raws.push(await server.join());
    for (const [at, socket] of sockets(server).entries()) {
      void socket.join(["a", "b", "c"].slice(at % 3));
      socket.onAnyOutgoing(() => mischief.act());
      socket.on("disconnect", () => mischief.act());
      socket.on("go", () => mischief.act());
    }
    for (const raw of raws) raw.transmit('42["go"]');
    server.emit("last");
    const heard = raws.map(events);
    for (const one of heard) {
      expect(new Set(one).size, `seed ${seed}: twice`).toBe(one.length);
      for (const other of heard) expect(agree(one, other), `seed ${seed}`).toBe(true);
    }
    const { rooms, sids } = server.sockets.adapter;
    expect(new Set(sids.keys())).toEqual(new Set(server.sockets.sockets.keys()));
    for (const [room, ids] of rooms) {
      for (const id of ids) expect(sids.get(id)?.has(room), `seed ${seed} ${room}`).toBe(true);
    }
    for (const [id, joined] of sids) {
      for (const room of joined)
        expect(rooms.get(room)?.has(id), `seed ${seed} ${room}`).toBe(true);
    }
    expect(server.surfaced, `seed ${seed}`).toEqual([]);
  }
});
