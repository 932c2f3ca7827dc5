// Limits that several logs share: the oldest goes first, whichever log holds it.

import { Deadlines } from "@sockeye/portable";
import { FakeClock } from "@sockeye/testkit";
import { expect, test } from "vitest";
import { RecoveryBudget, type RecoveryLimits } from "./budget.ts";
import { PacketLog } from "./packet-log.ts";
import { Sessions } from "./sessions.ts";

const LIMITS: RecoveryLimits = { maxAge: 1000, maxBytes: 1e6, maxPackets: 10, maxSessions: 3 };
const NO_ROOMS: ReadonlySet<string> = new Set();

function setUp(limits: Partial<RecoveryLimits> = {}): { clock: FakeClock; budget: RecoveryBudget } {
  const clock = new FakeClock();
  const budget = new RecoveryBudget({ ...LIMITS, ...limits }, new Deadlines(clock), clock);
  return { clock, budget };
}

function fill(log: PacketLog, count: number): void {
  for (let at = 0; at < count; at++)
    log.append({ encoded: "x", rooms: NO_ROOMS, except: NO_ROOMS });
}

function session(pid: string): { pid: string; sid: string; rooms: string[]; data: unknown } {
  return { pid, sid: pid, rooms: [], data: null };
}

test("RE9 packets of all namespaces share the limits, and the oldest of all goes first", () => {
  const { budget } = setUp();
  const [a, b] = [new PacketLog(budget, "a"), new PacketLog(budget, "b")];
  fill(a, 6);
  fill(b, 6);
  expect([a.size, b.size, budget.packets]).toEqual([4, 6, 10]);
  fill(a, 5);
  expect([a.size, b.size]).toEqual([5, 5]);
  expect(a.lastOffset()).toBe("a.a");
  expect(a.missedSince("a.5", NO_ROOMS)?.packets).toHaveLength(5);
  expect(a.missedSince("a.4", NO_ROOMS)).toBeNull();
});

test("RE9 many namespaces hold no more bytes than one", () => {
  const { budget } = setUp({ maxPackets: 1e6, maxBytes: 10_000 });
  for (let at = 0; at < 1000; at++) fill(new PacketLog(budget, `n${at}`), 10);
  expect(budget.bytes).toBeLessThanOrEqual(10_000);
  expect(budget.packets).toBeGreaterThan(20);
});

test("RE16 a cleared log gives back its share at once, and the last packets leave no timer", () => {
  const { budget, clock } = setUp({ maxPackets: 100 });
  const [a, b] = [new PacketLog(budget, "a"), new PacketLog(budget, "b")];
  fill(a, 50);
  fill(b, 50);
  a.clear();
  expect(budget.packets).toBe(50);
  fill(b, 50);
  expect([a.size, b.size, budget.packets]).toEqual([0, 100, 100]);
  fill(a, 1);
  expect([a.size, b.size]).toEqual([1, 99]);
  a.clear();
  b.clear();
  expect([budget.packets, budget.bytes, clock.pending]).toEqual([0, 0, 0]);
  fill(a, 1);
  clock.advance(120_000);
  expect([a.size, clock.pending]).toEqual([0, 0]);
});

test("RE19 logs that come and go cost as much as their packets, and leave no list behind", () => {
  const { budget } = setUp({ maxPackets: 1e6, maxBytes: 1e9 });
  const lasting = new PacketLog(budget, "lasting");
  fill(lasting, 10);
  let moved = 0;
  const { filter } = Array.prototype;
  Array.prototype.filter = function (this: unknown[], ...args: Parameters<typeof filter>) {
    moved += this.length;
    return filter.apply(this, args);
  } as typeof filter;
  try {
    for (let at = 0; at < 2000; at++) {
      const log = new PacketLog(budget, `n${at}`);
      fill(log, 10);
      log.clear();
    }
  } finally {
    Array.prototype.filter = filter;
  }
  expect(budget.packets).toBe(10);
  expect(moved).toBeLessThan(25_000);
  expect(budget.listed).toBeLessThan(1100);
});

test("RE9 sessions of all namespaces share their limit; a namespace whose last one goes is told", () => {
  const { budget, clock } = setUp();
  const emptied: string[] = [];
  const [a, b] = ["a", "b"].map((name) => new Sessions(budget, () => emptied.push(name))) as [
    Sessions,
    Sessions,
  ];
  a.keep(session("1"));
  b.keep(session("2"));
  b.keep(session("3"));
  b.keep(session("4"));
  expect([a.size, b.size, budget.sessions, emptied]).toEqual([0, 3, 3, ["a"]]);
  expect(b.take("2")?.pid).toBe("2");
  a.keep(session("5"));
  expect([a.size, b.size, budget.sessions]).toEqual([1, 2, 3]);
  clock.advance(1000);
  expect([budget.sessions, clock.pending, emptied]).toEqual([0, 0, ["a", "b", "a"]]);
});
