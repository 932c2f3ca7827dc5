// The log of packets: offsets, bounds, and who missed what.

import { expect, test } from "vitest";
import type { Session } from "../contract.ts";
import { type LogLimits, PacketLog } from "./packet-log.ts";

const NOBODY: ReadonlySet<string> = new Set();
const ROOMY: LogLimits = { maxAge: 1000, maxPackets: 1000, maxBytes: 1_000_000 };

function append(
  log: PacketLog,
  encoded: string,
  address: { rooms?: string[]; except?: string[]; at?: number } = {},
): string {
  const offset = log.nextOffset();
  const { rooms = [], except = [], at = 0 } = address;
  log.append({ encoded, rooms: new Set(rooms), except: new Set(except) }, at);
  return offset;
}

function missed(log: PacketLog, offset: string, ...rooms: string[]): readonly unknown[] | null {
  return log.missedSince(offset, new Set(rooms))?.packets ?? null;
}

function session(offset: string, more: Partial<Session> = {}): Session {
  return { pid: "p", sid: "s", rooms: ["s"], data: {}, offset, ...more };
}

test("RE1 each packet has an offset, and the last offset is that of the last packet", () => {
  const log = new PacketLog(ROOMY, "epoch");
  const start = log.lastOffset();
  const offsets = Array.from({ length: 100 }, (_, at) => append(log, `${at}`));
  expect(new Set([start, ...offsets]).size).toBe(101);
  expect(log.lastOffset()).toBe(offsets.at(-1));
  for (const [at, offset] of [start, ...offsets].entries()) {
    expect(missed(log, offset)?.length).toBe(100 - at);
  }
});

test("RE8 only what was addressed to the rooms was missed, in order", () => {
  const log = new PacketLog(ROOMY, "epoch");
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
  const log = new PacketLog(ROOMY, "epoch");
  const start = log.lastOffset();
  const mine = append(log, "x", { rooms: ["s"] });
  append(log, "y", { rooms: ["others"] });
  expect(log.missedSince(start, new Set(["s"]))?.last).toBe(mine);
  expect(log.missedSince(mine, new Set(["s"]))).toEqual({ packets: [], last: mine });
});

const LIMITS: readonly [string, Partial<LogLimits>, (log: PacketLog) => void][] = [
  ["age", { maxAge: 500 }, (log) => log.trim(501)],
  ["packets", { maxPackets: 3 }, () => {}],
  ["bytes", { maxBytes: 14 }, () => {}],
];

test("RE9 the oldest packets are dropped first, and who missed one of them is told", () => {
  for (const [name, limits, act] of LIMITS) {
    const log = new PacketLog({ ...ROOMY, ...limits }, "epoch");
    const start = log.lastOffset();
    const offsets = ["first", "secon", "third", "fourt"].map((text, at) =>
      append(log, text, { at: at * 250 }),
    );
    act(log);
    expect(log.size, name).toBeLessThan(4);
    expect(missed(log, start), name).toBeNull();
    const [oldest] = offsets.slice(-log.size - 1);
    expect(missed(log, oldest as string), name).toHaveLength(log.size);
    expect(missed(log, offsets.at(-1) as string), name).toEqual([]);
  }
});

test("RE9 a packet larger than all that may be kept is not kept, and its offset is used up", () => {
  const log = new PacketLog({ ...ROOMY, maxBytes: 10 }, "epoch");
  const start = log.lastOffset();
  const large = append(log, "x".repeat(11));
  expect(log.size).toBe(0);
  expect(log.lastOffset()).toBe(large);
  expect(missed(log, start)).toBeNull();
  expect(missed(log, large)).toEqual([]);
});

test("RE9 bytes of all frames count, and dropping frees them", () => {
  const log = new PacketLog({ ...ROOMY, maxBytes: 100 }, "epoch");
  const address = { rooms: NOBODY, except: NOBODY };
  log.append({ encoded: ["1234567890", new Uint8Array(50)], ...address }, 0);
  log.append({ encoded: new Uint8Array(40), ...address }, 0);
  expect(log.size).toBe(2);
  log.append({ encoded: "1", ...address }, 0);
  expect(log.size).toBe(2);
  log.append({ encoded: "x".repeat(59), ...address }, 0);
  expect(log.size).toBe(3);
});

test("RE9 a full log goes on for ever with all it may keep", () => {
  const log = new PacketLog({ ...ROOMY, maxPackets: 10 }, "epoch");
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
  const log = new PacketLog({ ...ROOMY, maxPackets: 50_000 }, "epoch");
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
  expect(moves).toBeLessThan(400_000);
});

test("RE13 an offset that is none is known as such, whatever it looks like", () => {
  const log = new PacketLog(ROOMY, "epoch");
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
  const log = new PacketLog(ROOMY, "epoch");
  append(log, "before");
  const began = log.lastOffset();
  append(log, "x");
  expect(log.resumeAt(session(began), "earlier.77")).toBe(began);
  expect(log.resumeAt(session(began), undefined)).toBe(began);
});

test("RE8 an offset from before the session is moved to its beginning", () => {
  const log = new PacketLog(ROOMY, "epoch");
  const early = append(log, "before");
  append(log, "also before");
  const began = log.lastOffset();
  const later = append(log, "x");
  expect(log.resumeAt(session(began), early)).toBe(began);
  expect(log.resumeAt(session(began), later)).toBe(later);
});

test("RE10 whoever has all that was sent to him continues where he left, however old his offset", () => {
  const log = new PacketLog({ ...ROOMY, maxPackets: 5 }, "epoch");
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
  const log = new PacketLog(ROOMY, "epoch");
  const start = log.lastOffset();
  const last = append(log, "x");
  log.clear();
  expect(log.size).toBe(0);
  expect(missed(log, start)).toBeNull();
  expect(missed(log, last)).toEqual([]);
  append(log, "y");
  expect(missed(log, last)).toEqual(["y"]);
});
