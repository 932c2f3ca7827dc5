// Owners that throw when they are due, and durations that no timer takes.

import { FakeClock } from "@sockeye/testkit";
import { beforeEach, describe, expect, test } from "vitest";
import { type Clock, LONGEST_DELAY, waitFor } from "./clock.ts";
import { type DeadlineQueue, Deadlines, type Timed } from "./deadlines.ts";

class Owner implements Timed {
  dueAt = 0;
  queue: DeadlineQueue | null = null;
  earlier: Timed | null = null;
  later: Timed | null = null;
  readonly onDue: () => void;

  constructor(onDue: () => void) {
    this.onDue = onDue;
  }
}

/** A clock whose timers take no more than real ones: a longer delay fires at once. */
class TimerClock extends FakeClock {
  readonly delays: number[] = [];

  override after(delay: number, callback: () => void): () => void {
    this.delays.push(delay);
    return super.after(delay <= LONGEST_DELAY ? delay : 1, callback);
  }
}

let clock: TimerClock;
let failures: unknown[];
let deadlines: Deadlines;
let due: string[];

beforeEach(() => {
  clock = new TimerClock();
  failures = [];
  due = [];
  deadlines = new Deadlines(clock, { onFailed: (error) => failures.push(error) });
});

describe("owners that throw", () => {
  test("DL1 the others of the same moment are due all the same, and the queue goes on", () => {
    const error = new Error("of an owner");
    const bad = (): Owner =>
      new Owner(() => {
        throw error;
      });
    const good = (name: string): Owner => new Owner(() => due.push(name));
    for (const each of [bad(), good("a"), bad(), good("b")]) deadlines.arm(each, 100);
    clock.advance(50);
    deadlines.arm(good("c"), 100);
    clock.advance(100);
    expect([due, failures]).toEqual([
      ["a", "b", "c"],
      [error, error],
    ]);
    deadlines.arm(good("d"), 100);
    clock.advance(100);
    expect([due.at(-1), clock.pending]).toEqual(["d", 0]);
  });

  test("DL1 an owner that armed itself before it threw is due again", () => {
    let times = 0;
    const owner: Owner = new Owner(() => {
      times++;
      if (times < 3) deadlines.arm(owner, 100);
      throw new Error(`time ${times}`);
    });
    deadlines.arm(owner, 100);
    clock.advance(1000);
    expect([times, failures.map(String)]).toEqual([
      3,
      ["Error: time 1", "Error: time 2", "Error: time 3"],
    ]);
  });

  test("DL1 a handler of failures that throws leaves the queue in working order, too", () => {
    const strict = new Deadlines(clock, {
      onFailed: (error) => {
        throw error;
      },
    });
    const fail = (): never => {
      throw new Error("of an owner");
    };
    strict.arm(new Owner(fail), 100);
    strict.arm(new Owner(() => due.push("a")), 100);
    expect(() => clock.advance(100)).toThrow("of an owner");
    clock.advance(100);
    strict.arm(new Owner(() => due.push("b")), 100);
    clock.advance(100);
    expect([due, clock.pending]).toEqual([["a", "b"], 0]);
  });
});

describe("long durations", () => {
  test("DL2 Infinity waits for ever, without a timer", () => {
    const owner = new Owner(() => due.push("owner"));
    deadlines.arm(owner, 100);
    deadlines.arm(owner, Infinity);
    expect([clock.pending, owner.queue]).toEqual([0, null]);
    clock.advance(2 ** 40);
    expect(due).toEqual([]);
    deadlines.arm(owner, 100);
    clock.advance(100);
    expect(due).toEqual(["owner"]);
  });

  test("DL2 more than a timer takes is waited for in steps", () => {
    const duration = 3 * LONGEST_DELAY + 5;
    deadlines.arm(new Owner(() => due.push("owner")), duration);
    clock.advance(duration - 1);
    expect(due).toEqual([]);
    clock.advance(1);
    expect(due).toEqual(["owner"]);
    expect(clock.delays.length).toBeLessThan(8);
    expect(Math.max(...clock.delays)).toBe(LONGEST_DELAY);
  });

  test.each([Number.NaN, -5, -Infinity])("DL2 %s is due at the next turn", (duration) => {
    deadlines.arm(new Owner(() => due.push("owner")), duration);
    expect(due).toEqual([]);
    clock.advance(0);
    expect([due, clock.delays]).toEqual([["owner"], [0]]);
  });
});

describe("waiting alone", () => {
  function waited(clockOfTest: Clock, delay: number): () => void {
    return waitFor(clockOfTest, delay, () => due.push("called"));
  }

  test("DL2 short and long delays are kept, Infinity is never over", () => {
    waited(clock, 10);
    waited(clock, 2 * LONGEST_DELAY + 7);
    waited(clock, Infinity);
    clock.advance(10);
    expect(due).toHaveLength(1);
    clock.advance(2 * LONGEST_DELAY - 4);
    expect(due).toHaveLength(1);
    clock.advance(1);
    expect([due.length, clock.pending]).toEqual([2, 0]);
  });

  test("DL2 a long wait can be given up in any step", () => {
    waited(clock, 2 * LONGEST_DELAY)();
    const cancel = waited(clock, 2 * LONGEST_DELAY);
    clock.advance(LONGEST_DELAY + 1);
    cancel();
    waited(clock, Infinity)();
    clock.advance(5 * LONGEST_DELAY);
    expect([due, clock.pending]).toEqual([[], 0]);
  });
});

test("DL3 a stall is published with how late it was noticed", () => {
  const stalls: unknown[] = [];
  deadlines.points.stalled.subscribe((stall) => stalls.push(stall));
  deadlines.arm(new Owner(() => due.push("owner")), 100);
  clock.stall(600);
  clock.advance(0);
  expect(stalls).toEqual([{ lateBy: 500, duration: 100 }]);
  clock.advance(1);
  expect([due, stalls.length]).toEqual([["owner"], 1]);
});
