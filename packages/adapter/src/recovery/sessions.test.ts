// Sessions: kept for a while, given out once.

import { Deadlines } from "@sockeye/portable";
import { FakeClock } from "@sockeye/testkit";
import { expect, test } from "vitest";
import type { Session } from "../contract.ts";
import { RecoveryBudget } from "./budget.ts";
import { Sessions } from "./sessions.ts";

function session(pid: string): Session {
  return { pid, sid: `sid of ${pid}`, rooms: [], data: {}, offset: "" };
}

function setUp(maxSessions = 100): { clock: FakeClock; sessions: Sessions; emptied: () => number } {
  const clock = new FakeClock();
  let count = 0;
  const limits = { maxAge: 1000, maxBytes: 1e6, maxPackets: 1000, maxSessions };
  const budget = new RecoveryBudget(limits, new Deadlines(clock), clock);
  const sessions = new Sessions(budget, () => {
    count += 1;
  });
  return { clock, sessions, emptied: () => count };
}

test("RE5 a session is given out once", () => {
  const { clock, sessions } = setUp();
  const kept = session("a");
  sessions.keep(kept);
  expect(sessions.take("b")).toBeUndefined();
  expect(sessions.take("a")).toBe(kept);
  expect(sessions.take("a")).toBeUndefined();
  expect(sessions.size).toBe(0);
  expect(clock.pending).toBe(0);
});

test("RE9 a session is kept until its time is up, to the millisecond", () => {
  const { clock, sessions, emptied } = setUp();
  sessions.keep(session("a"));
  clock.advance(400);
  sessions.keep(session("b"));
  clock.advance(599);
  expect(sessions.size).toBe(2);
  clock.advance(1);
  expect(sessions.take("a")).toBeUndefined();
  expect([sessions.size, emptied()]).toEqual([1, 0]);
  clock.advance(400);
  expect([sessions.size, emptied(), clock.pending]).toEqual([0, 1, 0]);
});

test("RE9 a session kept again has its whole time again, and its last form", () => {
  const { clock, sessions } = setUp();
  sessions.keep(session("a"));
  clock.advance(900);
  const second = { ...session("a"), data: "second" };
  sessions.keep(second);
  clock.advance(900);
  expect(sessions.size).toBe(1);
  expect(sessions.take("a")).toBe(second);
  clock.advance(5000);
  expect(clock.pending).toBe(0);
});

test("RE9 beyond the greatest number the oldest go, and only they", () => {
  const { sessions } = setUp(3);
  for (const pid of ["a", "b", "c", "d", "e"]) sessions.keep(session(pid));
  expect(sessions.size).toBe(3);
  expect(["a", "b", "c", "d", "e"].map((pid) => sessions.take(pid)?.pid)).toEqual([
    undefined,
    undefined,
    "c",
    "d",
    "e",
  ]);
});

test("RE16 clearing leaves nothing and no timer", () => {
  const { clock, sessions, emptied } = setUp();
  for (const pid of ["a", "b"]) sessions.keep(session(pid));
  sessions.clear();
  expect([sessions.size, clock.pending, emptied()]).toEqual([0, 0, 0]);
});
