// The adapter with recovery: what it numbers, what it keeps, and to whom it gives it.

import { Deadlines } from "@sockeye/portable";
import { type Encoded, jsonCodec, type Packet, PacketType } from "@sockeye/protocol";
import { FakeClock } from "@sockeye/testkit";
import { expect, test } from "vitest";
import type { AdapterNamespace, BroadcastFlags, Session } from "./contract.ts";
import { RecoveryBudget } from "./recovery/budget.ts";
import type { LogEntry } from "./recovery/log.ts";
import type { RecoveryStore } from "./recovery/store.ts";
import { SessionAwareAdapter } from "./session-aware-adapter.ts";

const LIMITS = { maxAge: 1000, maxPackets: 100, maxBytes: 100_000, maxSessions: 10 };

class Stage {
  readonly clock = new FakeClock();
  readonly sent: Encoded[] = [];
  readonly adapter: SessionAwareAdapter;
  gone = 0;

  constructor(limits: Partial<typeof LIMITS> = {}, store?: RecoveryStore) {
    const codec = jsonCodec();
    const { clock, sent } = this;
    const nsp: AdapterNamespace = {
      name: "/",
      clock,
      sockets: new Map(),
      encode: (packet) => codec.encode(packet),
      deliver: (packet, _flags, encoded) => ({
        to: () => void sent.push(encoded ?? codec.encode(packet)),
      }),
      nextAckId: () => 7,
      warn: () => {},
      onSessionsGone: () => {
        this.gone += 1;
      },
    };
    const budget = new RecoveryBudget({ ...LIMITS, ...limits }, new Deadlines(clock), clock);
    this.adapter = new SessionAwareAdapter(nsp, { budget, epoch: "epoch", store });
    void this.adapter.addAll("s", new Set(["s", "room"]));
  }

  emit(data: unknown[], rooms: string[] = [], flags: BroadcastFlags = {}): void {
    const packet: Packet = { type: PacketType.EVENT, nsp: "/", data };
    this.adapter.broadcast(packet, { rooms: new Set(rooms), flags });
  }

  leave(more: Partial<Session> = {}): void {
    const offset = this.adapter.currentOffset();
    const rooms = ["s", "room"];
    this.adapter.persistSession({ pid: "p", sid: "s", rooms, data: { a: 1 }, offset, ...more });
  }

  /** What comes back with the session; null when it cannot be restored. */
  back(offset?: string, pid = "p"): readonly unknown[] | null {
    const session = this.adapter.restoreSession(pid, offset);
    if (session === null) return null;
    const { joined, offset: from = "", rooms } = session;
    return this.adapter.missedPackets(from, new Set(rooms), { joined })?.packets ?? null;
  }
}

test("RE1 events end with an offset; they are encoded once, and what is kept is what was sent", () => {
  const stage = new Stage();
  stage.leave();
  stage.emit(["a", 1]);
  stage.emit(["b", { c: "d" }], ["room"]);
  expect(stage.sent).toEqual(['2["a",1,"epoch.0"]', '2["b",{"c":"d"},"epoch.1"]']);
  const back = stage.back();
  expect(back?.[0]).toBe(stage.sent[0]);
  expect(back).toEqual(stage.sent);
});

test("RE1 the caller's data is not changed", () => {
  const stage = new Stage();
  const data = ["a"];
  stage.emit(data);
  expect(data).toEqual(["a"]);
});

test("RE8 volatile events and questions are neither numbered nor kept", () => {
  const stage = new Stage();
  stage.leave();
  stage.emit(["v", 1], [], { volatile: true });
  const question: Packet = { type: PacketType.EVENT, nsp: "/", data: ["q"], id: 3 };
  stage.adapter.broadcast(question, { rooms: new Set() });
  stage.adapter.broadcast({ type: PacketType.DISCONNECT, nsp: "/" }, { rooms: new Set() });
  stage.emit(["kept"], [], { volatile: false });
  expect(stage.sent).toEqual(['2["v",1]', '23["q"]', "1", '2["kept","epoch.0"]']);
  expect(stage.back()).toEqual(['2["kept","epoch.0"]']);
});

test("RE15 a volatile event that ends with a string gets the offset of the last one that was kept", () => {
  const stage = new Stage();
  stage.emit(["v", "text"], [], { volatile: true });
  stage.emit(["a"]);
  stage.emit(["v", "text"], [], { volatile: true });
  expect(stage.sent).toEqual([
    '2["v","text","epoch.-1"]',
    '2["a","epoch.0"]',
    '2["v","text","epoch.0"]',
  ]);
  stage.leave({ offset: "epoch.-1" });
  expect(stage.back("epoch.-1")).toEqual(['2["a","epoch.0"]']);
});

test("RE1 data that cannot be serialised throws, and takes no offset", () => {
  const stage = new Stage();
  expect(() => stage.emit(["a", 1n])).toThrow(TypeError);
  stage.emit(["b"]);
  expect(stage.sent).toEqual(['2["b","epoch.0"]']);
});

test("RE3 a session comes back as it was, from the offset that the client names", () => {
  const stage = new Stage();
  stage.emit(["a"]);
  const offset = stage.adapter.currentOffset();
  stage.emit(["b"]);
  stage.leave({ offset });
  stage.emit(["c"]);
  expect(stage.adapter.restoreSession("p", "epoch.1")).toEqual({
    pid: "p",
    sid: "s",
    rooms: ["s", "room"],
    data: { a: 1 },
    offset: "epoch.1",
  });
  expect(stage.adapter.missedPackets("epoch.1", new Set(["s"]))?.packets).toEqual([
    '2["c","epoch.2"]',
  ]);
});

test("RE5 the second time a private id is unknown, also when the first time failed", () => {
  const stage = new Stage();
  stage.leave();
  expect(stage.back()).toEqual([]);
  expect(stage.back()).toBeNull();
  stage.leave({ offset: "epoch.-1" });
  for (let each = 0; each < 101; each++) stage.emit(["a"]);
  expect(stage.back()).toBeNull();
  expect(stage.back("epoch.2s")).toBeNull();
  expect(stage.back(undefined, "other")).toBeNull();
});

test("RE13 a text that is no offset leaves the session alone", () => {
  const stage = new Stage();
  stage.leave();
  for (const offset of ["nonsense", "", "epoch.", "epoch.zz", "epoch.1 "]) {
    expect([stage.adapter.isOffset(offset), stage.back(offset)]).toEqual([false, null]);
  }
  expect(stage.adapter.isOffset("other.zz")).toBe(true);
  expect(stage.back()).toEqual([]);
});

test("RE8 a room counts from when it was joined, through two recoveries", () => {
  const stage = new Stage();
  const { adapter } = stage;
  stage.emit(["secret"], ["admins"]);
  void adapter.addAll("s", new Set(["admins", "new"]));
  stage.emit(["mine"], ["admins"]);
  const rooms = ["s", "room", "admins", "new"];
  stage.leave({ offset: "epoch.-1", rooms });
  adapter.delAll("s");
  for (let time = 0; time < 2; time++) {
    const session = adapter.restoreSession("p", undefined);
    expect(session?.joined).toEqual([["admins", "epoch.0"]]);
    void adapter.addAll("s", new Set(rooms));
    const { joined, offset = "" } = session ?? {};
    expect(adapter.missedPackets(offset, new Set(rooms), { joined })?.packets).toEqual([
      '2["mine","epoch.1"]',
    ]);
    // As a socket that was connected again, and leaves again before anything has arrived.
    adapter.persistSession({ ...(session as Session) });
    adapter.delAll("s");
  }
  // A further room does not make the others forget.
  const more = adapter.restoreSession("p", undefined) as Session;
  void adapter.addAll("s", new Set(rooms));
  stage.emit(["x"], ["third"]);
  void adapter.addAll("s", new Set(["third"]));
  adapter.persistSession({ ...more, rooms: [...rooms, "third"] });
  adapter.delAll("s");
  // Left and joined again: what came meanwhile was not for the socket.
  const again = adapter.restoreSession("p", undefined) as Session;
  expect(again.joined).toEqual([
    ["admins", "epoch.0"],
    ["third", "epoch.2"],
  ]);
  void adapter.addAll("s", new Set(rooms));
  void adapter.del("s", "admins");
  stage.emit(["meanwhile"], ["admins"]);
  void adapter.addAll("s", new Set(["admins"]));
  adapter.persistSession(again);
  expect(adapter.restoreSession("p", undefined)?.joined).toEqual([
    ["third", "epoch.2"],
    ["admins", "epoch.3"],
  ]);
});

test("RE8 joining a room again, without leaving it, does not count as joining", () => {
  const stage = new Stage();
  stage.emit(["mine"], ["room"]);
  void stage.adapter.addAll("s", new Set(["room"]));
  stage.leave({ offset: "epoch.-1" });
  expect(stage.back()).toHaveLength(1);
});

test("RE20 a membership takes memory only where the log holds packets of its room", () => {
  const stage = new Stage();
  const { adapter } = stage;
  stage.emit(["x"], ["busy"]);
  for (let at = 0; at < 100; at++) void adapter.addAll(`t${at}`, new Set([`t${at}`, "quiet"]));
  expect(adapter.joinOffsets).toBe(0);
  for (let at = 0; at < 100; at++) void adapter.addAll(`t${at}`, new Set(["busy"]));
  expect(adapter.joinOffsets).toBe(100);
  for (let at = 0; at < 100; at++) adapter.delAll(`t${at}`);
  expect(adapter.joinOffsets).toBe(0);
});

test("RE9 what was missed and is gone, for whatever reason, makes the session unusable", () => {
  for (const limits of [{ maxPackets: 2 }, { maxBytes: 500 }]) {
    const stage = new Stage(limits);
    stage.leave();
    stage.emit(["a"]);
    stage.emit(["b"]);
    stage.emit(["c"]);
    expect(stage.back(), JSON.stringify(limits)).toBeNull();
  }
  const stage = new Stage();
  stage.emit(["a"]);
  stage.clock.advance(900);
  stage.leave({ offset: "epoch.-1" });
  stage.clock.advance(200);
  stage.emit(["b"]);
  expect(stage.back()).toBeNull();
});

test("RE9 a session that is too old is gone, and the namespace is told when it was the last", () => {
  const stage = new Stage();
  expect(stage.adapter.holdsSessions()).toBe(false);
  stage.leave();
  stage.leave({ pid: "q" });
  expect(stage.adapter.holdsSessions()).toBe(true);
  expect(stage.back(undefined, "q")).toEqual([]);
  stage.clock.advance(999);
  expect([stage.adapter.holdsSessions(), stage.gone]).toEqual([true, 0]);
  stage.clock.advance(1);
  expect([stage.adapter.holdsSessions(), stage.gone]).toEqual([false, 1]);
  expect(stage.back()).toBeNull();
});

test("RE9 after a silence the last packets go too, and no timer stays", () => {
  const stage = new Stage();
  stage.emit(["a"]);
  stage.leave({ offset: "epoch.-1" });
  stage.clock.advance(120_000);
  expect(stage.clock.pending).toBe(0);
  expect(stage.adapter.missedPackets("epoch.-1", new Set())).toBeNull();
});

test("RE16 a closed adapter keeps nothing and leaves no timer; opened again it goes on", () => {
  const stage = new Stage();
  stage.leave();
  stage.emit(["a"]);
  stage.adapter.close();
  expect(stage.clock.pending).toBe(0);
  stage.emit(["b"]);
  stage.leave({ pid: "late" });
  expect(stage.clock.pending).toBe(0);
  expect(stage.back()).toBeNull();
  expect(stage.back(undefined, "late")).toBeNull();
  expect(stage.sent).toHaveLength(2);
  stage.adapter.init();
  stage.leave();
  stage.emit(["c"]);
  expect(stage.back()).toEqual([stage.sent.at(-1)]);
});

test("what a store keeps outlives the adapter: offsets go on, and a session is restored once", () => {
  const packets: LogEntry[] = [];
  const sessions = new Map<string, Session>();
  let first = 0;
  const store: RecoveryStore = {
    epoch: "kept",
    load: () => ({ first, packets, sessions: [...sessions.values()] }),
    append: (_, entry) => void packets.push(entry),
    keep: (session) => void sessions.set(session.pid, session),
    take: (pid) => void sessions.delete(pid),
  };
  const before = new Stage({}, store);
  before.emit(["one"], ["room"]);
  before.leave();
  before.emit(["two"], ["room"]);
  before.emit(["three"], ["other"]);

  const after = new Stage({}, store);
  expect(after.adapter.currentOffset()).toBe("kept.2");
  after.emit(["four"]);
  expect(after.back("kept.0")).toEqual(['2["two","kept.1"]', '2["four","kept.3"]']);
  expect(new Stage({}, store).back("kept.0")).toBe(null);

  first = 4;
  packets.length = 0;
  const later = new Stage({}, store);
  later.emit(["five"]);
  expect(later.adapter.currentOffset()).toBe("kept.4");
});
