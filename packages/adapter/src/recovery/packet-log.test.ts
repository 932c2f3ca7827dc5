// The log of packets: offsets, bounds, and who missed what.

import { Deadlines } from "@sockeye/portable";
import { FakeClock, SeededRandom } from "@sockeye/testkit";
import { expect, test } from "vitest";
import type { Session } from "../contract.ts";
import { RecoveryBudget, type RecoveryLimits } from "./budget.ts";
import { PacketLog } from "./packet-log.ts";

const NO_ROOMS: ReadonlySet<string> = new Set();
const ROOMY: RecoveryLimits = {
  maxAge: 1000,
  maxPackets: 1000,
  maxBytes: 1_000_000,
  maxSessions: 1000,
};

class TestLog extends PacketLog {
  readonly clock: FakeClock;
  readonly budget: RecoveryBudget;

  constructor(limits: Partial<RecoveryLimits> = {}) {
    const clock = new FakeClock();
    const budget = new RecoveryBudget({ ...ROOMY, ...limits }, new Deadlines(clock), clock);
    super(budget, "epoch");
    this.clock = clock;
    this.budget = budget;
  }
}

function append(
  log: PacketLog,
  encoded: string,
  address: { rooms?: string[]; except?: string[] } = {},
): string {
  const { rooms = [], except = [] } = address;
  return log.append({ encoded, rooms: new Set(rooms), except: new Set(except) });
}

/** What the log counts for packets of these texts. */
function bytes(...texts: string[]): number {
  const log = new TestLog();
  for (const text of texts) append(log, text);
  return log.budget.bytes;
}

function missed(log: PacketLog, offset: string, ...rooms: string[]): readonly unknown[] | null {
  return log.missedSince(offset, new Set(rooms))?.packets ?? null;
}

function session(offset: string, more: Partial<Session> = {}): Session {
  return { pid: "p", sid: "s", rooms: ["s"], data: {}, offset, ...more };
}

test("RE1 each packet has an offset, and the last offset is that of the last packet", () => {
  const log = new TestLog();
  const start = log.lastOffset();
  const offsets = Array.from({ length: 100 }, (_, at) => append(log, `${at}`));
  expect(new Set([start, ...offsets]).size).toBe(101);
  expect(log.lastOffset()).toBe(offsets.at(-1));
  for (const [at, offset] of [start, ...offsets].entries()) {
    expect(missed(log, offset)?.length).toBe(100 - at);
  }
});

test("RE8 only what was addressed to the rooms was missed, in order", () => {
  const log = new TestLog();
  const start = log.lastOffset();
  append(log, "all");
  append(log, "a", { rooms: ["a"] });
  append(log, "b", { rooms: ["b"] });
  append(log, "a or b", { rooms: ["a", "b"] });
  append(log, "all but a", { except: ["a"] });
  append(log, "b but not a", { rooms: ["b"], except: ["a"] });
  expect(missed(log, start)).toEqual(["all", "all but a"]);
  expect(missed(log, start, "a")).toEqual(["all", "a", "a or b"]);
  expect(missed(log, start, "b")).toEqual(["all", "b", "a or b", "all but a", "b but not a"]);
  expect(missed(log, start, "a", "b")).toEqual(["all", "a", "b", "a or b"]);
});

test("RE8 the last offset of what was missed is that of a packet that was", () => {
  const log = new TestLog();
  const start = log.lastOffset();
  const mine = append(log, "x", { rooms: ["s"] });
  append(log, "y", { rooms: ["others"] });
  expect(log.missedSince(start, new Set(["s"]))?.last).toBe(mine);
  expect(log.missedSince(mine, new Set(["s"]))).toEqual({ packets: [], last: mine });
});

const LIMITS: readonly [string, Partial<RecoveryLimits>, (log: TestLog) => void][] = [
  [
    "age",
    { maxAge: 500 },
    ({ budget, clock }) => {
      clock.advance(251);
      budget.trim();
    },
  ],
  ["packets", { maxPackets: 3 }, () => {}],
  ["bytes", { maxBytes: bytes("first", "secon", "third") }, () => {}],
];

test("RE9 the oldest packets are dropped first, and who missed one of them is told", () => {
  for (const [name, limits, act] of LIMITS) {
    const log = new TestLog(limits);
    const start = log.lastOffset();
    const offsets = ["first", "secon", "third", "fourt"].map((text, at) => {
      if (at > 1) log.clock.advance(250);
      return append(log, text);
    });
    act(log);
    expect([name, log.size > 0, log.size < 4]).toEqual([name, true, true]);
    expect(missed(log, start), name).toBeNull();
    const [oldest] = offsets.slice(-log.size - 1);
    expect(missed(log, oldest as string), name).toHaveLength(log.size);
    expect(missed(log, offsets.at(-1) as string), name).toEqual([]);
  }
});

test("RE9 a packet larger than all that may be kept is not kept, and its offset is used up", () => {
  const log = new TestLog({ maxBytes: bytes("x".repeat(10)) });
  const start = log.lastOffset();
  const large = append(log, "x".repeat(11), { rooms: ["r"], except: ["e"] });
  expect([log.size, log.rooms, log.budget.bytes]).toEqual([0, 0, 0]);
  expect(log.lastOffset()).toBe(large);
  expect(missed(log, start)).toBeNull();
  expect(missed(log, large)).toEqual([]);
});

test("RE9 bytes of all frames count, and dropping frees them", () => {
  const overhead = bytes("");
  const log = new TestLog({ maxBytes: 100 + 3 * overhead });
  const address = { rooms: NO_ROOMS, except: NO_ROOMS };
  log.append({ encoded: ["1234567890", new Uint8Array(50)], ...address });
  log.append({ encoded: new Uint8Array(40), ...address });
  expect(log.size).toBe(2);
  log.append({ encoded: "", ...address });
  expect(log.size).toBe(3);
  log.append({ encoded: "1", ...address });
  expect(log.size).toBe(3);
  expect(log.budget.bytes).toBe(41 + 3 * overhead);
});

test("RE20 what keeping a packet takes counts: its entry, its rooms, and rooms new to the index", () => {
  const log = new TestLog();
  const sizes: number[] = [];
  const add = (address: { rooms?: string[]; except?: string[] }): void => {
    const before = log.budget.bytes;
    append(log, "", address);
    sizes.push(log.budget.bytes - before);
  };
  add({});
  add({ rooms: ["a"] });
  add({ rooms: ["a"] });
  add({ rooms: ["a"], except: ["b"] });
  add({ rooms: ["c", "d"] });
  const [bare = 0, indexed = 0, again, excepting, several = 0] = sizes;
  expect(bare).toBeGreaterThan(100);
  expect([indexed > bare, again, excepting]).toEqual([true, bare, indexed]);
  expect(several).toBeGreaterThan(indexed + (indexed - bare));
});

test("RE20 the index holds only rooms of packets that are kept", () => {
  const log = new TestLog({ maxPackets: 100 });
  for (let at = 0; at < 5000; at++) {
    append(log, "", { rooms: [`a${at}`, `b${at}`], except: [`c${at}`] });
    append(log, "", { rooms: [`d${at}`], except: [`e${at}`, `f${at}`] });
  }
  expect([log.size, log.rooms]).toEqual([100, 300]);
  log.clear();
  expect([log.size, log.rooms, log.budget.bytes, log.budget.packets]).toEqual([0, 0, 0, 0]);
});

test("RE9 a full log goes on for ever with all it may keep", () => {
  const log = new TestLog({ maxPackets: 10 });
  let before = "";
  for (let at = 0; at < 20_000; at++) {
    if (at === 19_993) before = log.lastOffset();
    append(log, `${at}`);
    if (at >= 10) expect(log.size).toBe(10);
  }
  const tail = Array.from({ length: 7 }, (_, at) => `${19_993 + at}`);
  expect(missed(log, before)).toEqual(tail);
});

test("RE9 dropping is cheap however much is kept: nothing is moved for each packet", () => {
  const log = new TestLog({ maxPackets: 50_000 });
  for (let at = 0; at < 50_000; at++) append(log, "");
  let moves = 0;
  const { splice } = Array.prototype;
  Array.prototype.splice = function (this: unknown[], ...args: [number, number]) {
    moves += this.length;
    return splice.apply(this, args);
  };
  try {
    for (let at = 0; at < 100_000; at++) append(log, "");
  } finally {
    Array.prototype.splice = splice;
  }
  expect(moves).toBeLessThan(2 * 400_000);
});

test("RE13 an offset that is none is known as such, whatever it looks like", () => {
  const log = new TestLog();
  const start = log.lastOffset();
  append(log, "x");
  const wrong = ["", "epoch", "epoch.", "epoch.1", "epoch.9", "epoch.-2", "epoch.x y", "epoch.0.0"];
  for (const offset of [
    ...wrong,
    `epoch.${"z".repeat(500)}`,
    "epoch.NaN",
    "epoch.1e3",
    "EPOCH.0",
  ]) {
    expect(missed(log, offset), offset).toBeNull();
  }
  expect(log.resumeAt(session(start), "hello")).toBeNull();
  expect(log.resumeAt(session(start), "epoch.9")).toBeNull();
  expect(log.resumeAt(session("other.0"), "epoch.0")).toBeNull();
});

test("RE13 an offset of another log is no offset: the client has received nothing since", () => {
  const log = new TestLog();
  append(log, "before");
  const began = log.lastOffset();
  append(log, "x");
  expect(log.resumeAt(session(began), "earlier.77")).toBe(began);
  expect(log.resumeAt(session(began), undefined)).toBe(began);
});

test("RE8 an offset from before the session is moved to its beginning", () => {
  const log = new TestLog();
  const early = append(log, "before");
  append(log, "also before");
  const began = log.lastOffset();
  const later = append(log, "x");
  expect(log.resumeAt(session(began), early)).toBe(began);
  expect(log.resumeAt(session(began), later)).toBe(later);
});

test("RE10 whoever has all that was sent to him continues where he left, however old his offset", () => {
  const log = new TestLog({ maxPackets: 5 });
  const mine = append(log, "mine", { rooms: ["s"] });
  for (let at = 0; at < 20; at++) append(log, "for others", { rooms: ["others"] });
  const left = log.lastOffset();
  const missedOne = append(log, "while away", { rooms: ["s"] });
  expect(missed(log, mine, "s")).toBeNull();
  const from = log.resumeAt(session(mine, { sent: mine, left }), mine) as string;
  expect(from).toBe(left);
  expect(missed(log, from, "s")).toEqual(["while away"]);
  // He lacks something that was sent to him: that it is gone must be known.
  const lacking = session("epoch.-1", { sent: mine, left });
  expect(missed(log, log.resumeAt(lacking, undefined) as string, "s")).toBeNull();
  expect(log.resumeAt(session(mine, { sent: mine, left }), missedOne)).toBe(missedOne);
});

test("RE16 after clearing, what was missed is gone and offsets go on", () => {
  const log = new TestLog();
  const start = log.lastOffset();
  const last = append(log, "x");
  log.clear();
  expect(log.size).toBe(0);
  expect(missed(log, start)).toBeNull();
  expect(missed(log, last)).toEqual([]);
  append(log, "y");
  expect(missed(log, last)).toEqual(["y"]);
});

test("RE19 restoring looks at what is replayed, however much is kept or was sent to others meanwhile", () => {
  const looked = (others: number): number => {
    const log = new TestLog({ maxPackets: 1e6, maxBytes: 1e9 });
    const start = log.lastOffset();
    for (let at = 0; at < others; at++) {
      append(log, "x", { rooms: [at % 3 === 0 ? "other" : `other${at % 100}`] });
      if (at % (others / 10) === 0) append(log, `${at}`, { rooms: ["mine", "ours"] });
    }
    expect(missed(log, start, "mine", "empty")).toHaveLength(10);
    expect(missed(log, log.lastOffset(), "mine", "ours", "other")).toEqual([]);
    return log.looked;
  };
  expect([1000, 2000, 4000, 8000].map(looked)).toEqual([10, 10, 10, 10]);
});

test("RE19 of rooms with much in them only what came after the offset is looked at", () => {
  const log = new TestLog({ maxPackets: 1e6, maxBytes: 1e9 });
  let offset = "";
  for (let at = 0; at < 5000; at++) {
    if (at === 4990) offset = log.lastOffset();
    append(log, `${at}`, { rooms: at % 2 === 0 ? [] : ["r"] });
  }
  expect(missed(log, offset, "r")).toEqual(Array.from({ length: 10 }, (_, at) => `${4990 + at}`));
  expect(log.looked).toBe(10);
});

test("RE8 nothing that a room was sent before it was joined is replayed, and nothing later is lost", () => {
  const log = new TestLog();
  const start = log.lastOffset();
  append(log, "to all");
  append(log, "secret", { rooms: ["admins"] });
  append(log, "secret to two", { rooms: ["admins", "s"] });
  const joined = log.lastOffset();
  append(log, "after", { rooms: ["admins"] });
  const rooms = new Set(["s", "admins"]);
  const range = { joined: [["admins", joined]] as const };
  expect(log.missedSince(start, rooms, range)?.packets).toEqual([
    "to all",
    "secret to two",
    "after",
  ]);
});

test("RE8 a room excepts from the time of joining it, and not before", () => {
  const log = new TestLog();
  const start = log.lastOffset();
  append(log, "before", { except: ["quiet"] });
  append(log, "also before", { except: ["quiet", "x"] });
  const joined = log.lastOffset();
  append(log, "after", { except: ["quiet"] });
  append(log, "also after", { except: ["quiet", "x"] });
  const range = { joined: [["quiet", joined]] as const };
  const found = log.missedSince(start, new Set(["s", "quiet"]), range);
  expect(found?.packets).toEqual(["before", "also before"]);
});

test("RE21 a search can end where live delivery began", () => {
  const log = new TestLog();
  const start = log.lastOffset();
  append(log, "a");
  const until = log.lastOffset();
  append(log, "b");
  expect(log.missedSince(start, NO_ROOMS, { until })).toEqual({ packets: ["a"], last: until });
});

test("RE8 what was missed is the same as a search through all packets finds", () => {
  const random = new SeededRandom(7);
  const names = ["a", "b", "c", "d", "e", "f"];
  const some = (most: number): string[] =>
    Array.from({ length: random.below(most + 1) }, () => names[random.below(6)] as string);
  for (let round = 0; round < 200; round++) {
    const log = new TestLog({ maxPackets: 30 });
    const sent: { text: string; rooms: string[]; except: string[] }[] = [];
    for (let at = 0; at < 45; at++) {
      const packet = { text: `${at}`, rooms: some(3), except: random.once(3) ? some(2) : [] };
      sent.push(packet);
      append(log, packet.text, packet);
    }
    const from = random.below(46) - 1;
    const rooms = some(4);
    const expected = sent.filter(
      (packet, at) =>
        at > from &&
        (packet.rooms.length === 0 || packet.rooms.some((room) => rooms.includes(room))) &&
        !packet.except.some((room) => rooms.includes(room)),
    );
    const found = missed(log, log.offsetOf(from), ...rooms);
    expect(found).toEqual(from + 1 < 15 ? null : expected.map(({ text }) => text));
  }
});

test("RE8 rooms that are no text are rooms like any other, and never every socket", () => {
  const log = new TestLog({ maxPackets: 10 });
  const odd = [5, null, undefined, 0, "", new Map(), new Set(["s"])] as unknown as string[];
  const start = log.lastOffset();
  for (const [at, room] of odd.entries()) append(log, `${at}`, { rooms: [room] });
  expect(missed(log, start, "s")).toEqual([]);
  expect(missed(log, start, "5", "null", "undefined")).toEqual([]);
  for (const [at, room] of odd.entries()) expect(missed(log, start, room)).toEqual([`${at}`]);
  const before = log.lastOffset();
  for (const room of odd) append(log, "x", { except: [room] });
  for (const room of odd)
    expect(missed(log, before, room)).toEqual(missed(log, before, "s")?.slice(1));
  for (let each = 0; each < 20; each++) append(log, "y", { rooms: [5 as unknown as string] });
  expect([log.size, log.rooms]).toEqual([10, 1]);
});
