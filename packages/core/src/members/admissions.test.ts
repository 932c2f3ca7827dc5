// Sockets that are admitted by adapters which answer later: rooms and missed packets are awaited, and clients may leave meanwhile.

import {
  Adapter,
  type AdapterContract,
  type Missed,
  RecoveryBudget,
  SessionAwareAdapter,
} from "@sockeye/adapter";
import { Deadlines } from "@sockeye/portable";
import type { MemorySocket } from "@sockeye/testkit";
import { expect, test } from "vitest";
import { MemoryServer } from "../../test/memory-server.ts";
import { answerOf, come, read, sockets, start } from "../../test/recovering.ts";
import type { Socket } from "../api/socket.ts";
import type { AdapterFactory } from "../base/options.ts";

/** Something that is decided later. */
interface Later {
  resolve(): void;
  reject(error: Error): void;
}

/** Lets what was resolved take effect. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}

/** Promises in the order in which they were asked for. */
class Gate {
  readonly waiting: Later[] = [];
  isOpen = false;

  wait(): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.isOpen) resolve();
      else this.waiting.push({ resolve, reject });
    });
  }

  async let(error?: Error): Promise<void> {
    const first = this.waiting.shift();
    if (first === undefined) throw new Error("nothing waits");
    if (error === undefined) first.resolve();
    else first.reject(error);
    await settle();
  }
}

/** An adapter whose rooms are joined later. */
function slowRooms(gate: Gate): typeof Adapter<Socket> {
  return class extends Adapter<Socket> {
    override async addAll(id: string, rooms: Set<string>): Promise<void> {
      await gate.wait();
      await super.addAll(id, rooms);
    }
  };
}

/** Recovery in memory, but what was missed is found later, and rooms are joined later where `rooms` is given. */
function slowRecovery(log: Gate, rooms?: Gate): AdapterFactory {
  const limits = { maxAge: 1e6, maxBytes: 1e6, maxPackets: 1000, maxSessions: 10 };
  class Slow extends SessionAwareAdapter<Socket> {
    override addAll(id: string, names: Set<string>): Promise<void> | void {
      if (rooms === undefined) return super.addAll(id, names);
      return rooms.wait().then(() => super.addAll(id, names));
    }
  }
  return (nsp) => {
    const budget = new RecoveryBudget(limits, new Deadlines(nsp.clock), nsp.clock);
    const adapter = new Slow(nsp, { budget, epoch: "epoch" });
    const find = adapter.missedPackets.bind(adapter);
    const missedPackets = (...asked: Parameters<typeof find>): Promise<Missed | null> =>
      log.wait().then(() => find(...asked));
    return Object.assign(adapter as AdapterContract<Socket>, { missedPackets });
  };
}

/** A client that was there, in a room, and has left. */
async function away(
  log: Gate,
  rooms?: Gate,
): Promise<{ server: MemoryServer; pid: string; sid: string; again(): MemorySocket }> {
  if (rooms !== undefined) rooms.isOpen = true;
  const server = start({}, { adapter: slowRecovery(log, rooms) });
  const raw = server.dial();
  raw.transmit("40");
  await settle();
  const { pid, sid } = answerOf(raw);
  await sockets(server)[0]?.join("room");
  raw.leave();
  if (rooms !== undefined) rooms.isOpen = false;
  const again = (): MemorySocket => {
    const next = server.dial();
    next.transmit(`40${JSON.stringify({ pid })}`);
    return next;
  };
  return { server, pid, sid, again };
}

function names(raw: MemorySocket): string[] {
  return read(raw).map((frame) => {
    const text = String(frame);
    return text.startsWith("42") ? (JSON.parse(text.slice(2)) as [string])[0] : text.slice(0, 2);
  });
}

test("RE21 connection waits until the rooms are joined; what is broadcast meanwhile follows CONNECT", async () => {
  const gate = new Gate();
  class Early extends Adapter<Socket> {
    override async addAll(id: string, rooms: Set<string>): Promise<void> {
      await super.addAll(id, rooms);
      await gate.wait();
    }
  }
  const server = new MemoryServer({ adapter: Early });
  const seen: boolean[] = [];
  server.on("connection", (socket: Socket) => {
    seen.push(socket.rooms.has(socket.id));
    socket.emit("hello");
  });
  const raw = server.dial();
  raw.transmit("40");
  server.emit("meanwhile");
  server.volatile.emit("volatile");
  await settle();
  expect([seen, read(raw), server.sockets.sockets.size]).toEqual([[], [], 0]);
  await gate.let();
  expect([seen, names(raw)]).toEqual([[true], ["40", "meanwhile", "hello"]]);
  server.emit("after");
  expect(names(raw)).toEqual(["after"]);
});

test("RE17 a namespace made from a pattern stays while a socket is being admitted to it", async () => {
  const gate = new Gate();
  gate.isOpen = true;
  const adapter = slowRooms(gate);
  const server = new MemoryServer({ adapter, cleanupEmptyChildNamespaces: true });
  server.of(/^\/room/);
  const first = server.dial();
  first.transmit("40/room,");
  await settle();
  const nsp = server.of("/room");
  gate.isOpen = false;
  const second = server.dial();
  second.transmit("40/room,");
  first.leave();
  await settle();
  expect([server._nsps.has("/room"), nsp.sockets.size]).toEqual([true, 0]);
  await gate.let();
  expect([read(second).length, nsp.sockets.size]).toEqual([1, 1]);
  const third = server.dial();
  third.transmit("40/room,");
  second.leave();
  third.leave();
  await gate.let();
  expect(server._nsps.has("/room")).toBe(false);
});

test("RE21 rooms that cannot be joined refuse the client, and are told", async () => {
  for (const fail of [
    () => Promise.reject(new Error("broker is down")),
    () => {
      throw new Error("broker is down");
    },
  ]) {
    class Failing extends Adapter<Socket> {
      override addAll(): Promise<void> | void {
        return fail();
      }
    }
    const server = new MemoryServer({ adapter: Failing });
    let connections = 0;
    server.on("connection", () => connections++);
    const raw = server.dial();
    raw.transmit("40");
    await settle();
    expect(read(raw)).toEqual(['44{"message":"the namespace could not be joined"}']);
    expect([connections, server.sockets.sockets.size, server.sockets.adapter.sids.size]).toEqual([
      0, 0, 0,
    ]);
    expect(server.warnings).toEqual([
      "a socket of namespace /: rooms could not be joined: broker is down",
    ]);
    // The connection goes on, and may try again.
    raw.transmit("40");
    await settle();
    expect([read(raw).length, raw.isOpen]).toEqual([1, true]);
  }
});

test("RE21 a client that leaves while its rooms are joined is in none of them afterwards", async () => {
  const gate = new Gate();
  const server = new MemoryServer({ adapter: slowRooms(gate) });
  const raw = server.dial();
  raw.transmit("40");
  raw.leave();
  await gate.let();
  const { adapter } = server.sockets;
  expect([server.sockets.sockets.size, adapter.rooms.size, adapter.sids.size]).toEqual([0, 0, 0]);
  expect([server.surfaced, server.warnings]).toEqual([[], []]);
});

test("RE21 a client that sends before it is told that it is in breaks the protocol", async () => {
  const gate = new Gate();
  const server = new MemoryServer({ adapter: slowRooms(gate) });
  const raw = server.dial();
  raw.transmit("40");
  raw.transmit('42["x"]');
  expect(raw.isOpen).toBe(false);
  await gate.let();
  expect(server.sockets.adapter.sids.size).toBe(0);
});

test("RE21 what is broadcast while the log is read is neither lost nor sent twice", async () => {
  const log = new Gate();
  const { again, server, sid } = await away(log);
  server.emit("missed");
  const raw = again();
  server.to("room").emit("during");
  server.to("elsewhere").emit("no");
  server.in(sid).volatile.emit("volatile");
  expect([read(raw), server.sockets.sockets.size]).toEqual([[], 0]);
  await log.let();
  expect(names(raw)).toEqual(["missed", "40", "during"]);
  const [socket] = sockets(server) as [Socket];
  expect([socket.id, socket.recovered, socket.rooms.has("room")]).toEqual([sid, true, true]);
  server.to("room").emit("after");
  expect(names(raw)).toEqual(["after"]);
});

test("RE21 where rooms are joined later, the replay goes up to that moment", async () => {
  const [log, rooms] = [new Gate(), new Gate()];
  const { again, server } = await away(log, rooms);
  server.emit("missed");
  const raw = again();
  server.to("room").emit("before the rooms");
  await rooms.let();
  server.to("room").emit("before the log");
  await log.let();
  expect(names(raw)).toEqual(["missed", "before the rooms", "40", "before the log"]);
});

test("RE21 a log that fails starts the client anew, and is told", async () => {
  const log = new Gate();
  const { again, pid, server } = await away(log);
  const raw = again();
  server.to("room").emit("to a room that is left");
  await log.let(new Error("broker is down"));
  const answer = answerOf(raw);
  expect([answer.pid === pid, answer.missed]).toEqual([false, []]);
  const [socket] = sockets(server) as [Socket];
  expect([socket.recovered, [...socket.rooms]]).toEqual([false, [socket.id]]);
  expect(server.warnings).toEqual([
    "a socket of namespace /: missed packets could not be read: broker is down",
  ]);
  server.emit("live");
  expect(names(raw)).toEqual(["live"]);
});

test("RE21 a client that leaves while the log is read can come back, and the late answer harms nobody", async () => {
  const log = new Gate();
  const { again, server, sid } = await away(log);
  server.emit("missed");
  const first = again();
  first.leave();
  expect([server.sockets.adapter.sids.size, server.sockets.sockets.size]).toEqual([0, 0]);
  const second = again();
  await log.let();
  expect(read(second)).toEqual([]);
  await log.let();
  expect(names(second)).toEqual(["missed", "40"]);
  expect(sockets(server).map(({ id }) => id)).toEqual([sid]);
  expect([server.surfaced, server.warnings]).toEqual([[], []]);
});

test("RE21 a client that comes a second time while the first waits ends it, whatever it waits for", async () => {
  const [log, rooms] = [new Gate(), new Gate()];
  const { again, pid, server, sid } = await away(log, rooms);
  const first = again();
  // The rooms of the first may still be joined: until that is settled its session cannot be used.
  const second = again();
  expect(first.isOpen).toBe(false);
  await rooms.let();
  await rooms.let();
  const answer = answerOf(second);
  expect([answer.pid === pid, sockets(server).length]).toEqual([false, 1]);
  expect(server.sockets.adapter.rooms.has("room")).toBe(false);
  second.leave();
  const third = again();
  await rooms.let();
  await log.let();
  expect(answerOf(third).sid).toBe(sid);
});

test("RE21 closing the server while an admission waits leaves nothing", async () => {
  const log = new Gate();
  const { again, server } = await away(log);
  again();
  await server.end();
  await log.let();
  expect([server.sockets.sockets.size, server.sockets.adapter.sids.size]).toEqual([0, 0]);
  expect([server.clock.pending, server.surfaced, server.warnings]).toEqual([0, [], []]);
});

test("RE13 a made-up offset neither cuts the owner of a session nor spends it", () => {
  const server = start();
  const first = come(server);
  for (const offset of ["nonsense", "a.b c", "", 5, {}, `${"x".repeat(30)}.1`]) {
    const other = come(server, { pid: first.pid, offset });
    expect([other.pid === first.pid, first.raw.isOpen]).toEqual([false, true]);
    other.raw.transmit("41");
  }
  first.raw.leave();
  expect(come(server, { pid: first.pid, offset: "nonsense" }).pid).not.toBe(first.pid);
  expect(come(server, { pid: first.pid }).sid).toBe(first.sid);
});

test("RE8 nothing that a room was sent before the socket joined it is replayed", () => {
  const server = start();
  const first = come(server);
  const [socket] = sockets(server) as [Socket];
  server.emit("on its way");
  server.to("admins").emit("secret");
  void socket.join("admins");
  server.to("admins").emit("for admins");
  first.raw.leave();
  const back = come(server, { pid: first.pid });
  expect(back.missed.map((frame) => String(frame).replace(/",.*/, ""))).toEqual([
    '42["on its way',
    '42["for admins',
  ]);
  // A second time, with nothing received.
  back.raw.leave();
  expect(come(server, { pid: first.pid }).missed).toHaveLength(2);
});

test("RE8 a room that was left, or left and joined again, is not replayed from before", () => {
  const server = start();
  const first = come(server);
  const [socket] = sockets(server) as [Socket];
  for (const room of ["left", "again"]) {
    void socket.join(room);
    server.to(room).emit(room);
    void socket.leave(room);
  }
  server.to("again").emit("meanwhile");
  void socket.join("again");
  server.to("again").emit("after");
  first.raw.leave();
  const { missed } = come(server, { pid: first.pid });
  expect(missed.map((frame) => String(frame).slice(4, 9))).toEqual(["after"]);
});

test("RE9 namespaces share the limits of recovery", () => {
  const server = start({ maxPackets: 100, maxSessions: 20 });
  server.of(/^\/room/);
  const first = come(server);
  first.raw.leave();
  for (let at = 0; at < 50; at++) {
    const raw = server.dial();
    raw.transmit(`40/room${at},`);
    for (let each = 0; each < 5; each++) server.of(`/room${at}`).emit("x");
    raw.leave();
  }
  const held = [...server._nsps.values()].filter(({ adapter }) => adapter.holdsSessions?.());
  expect(held).toHaveLength(20);
  expect(come(server, { pid: first.pid }).pid).not.toBe(first.pid);
});
