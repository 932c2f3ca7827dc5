// Deadlines on a fake clock: order, re-arming, disarming on the way, stalls, and nothing left behind.

import { FakeClock } from "@sockeye/testkit";
import { beforeEach, describe, expect, test } from "vitest";
import { type DeadlineQueue, Deadlines, type Timed } from "./deadlines.ts";

/** Writes down when it was due. */
class Owner implements Timed {
  dueAt = 0;
  queue: DeadlineQueue | null = null;
  earlier: Timed | null = null;
  later: Timed | null = null;
  readonly name: string;
  readonly #clock: FakeClock;
  readonly #journal: string[];
  reaction: () => void = () => {};

  constructor(name: string, clock: FakeClock, journal: string[]) {
    this.name = name;
    this.#clock = clock;
    this.#journal = journal;
  }

  onDue(): void {
    this.#journal.push(`${this.name}@${this.#clock.now() - START}`);
    this.reaction();
  }
}

const START = 1000;

let clock: FakeClock;
let deadlines: Deadlines;
let journal: string[];
let a: Owner;
let b: Owner;
let c: Owner;

beforeEach(() => {
  clock = new FakeClock();
  deadlines = new Deadlines(clock);
  journal = [];
  [a, b, c] = ["a", "b", "c"].map((name) => new Owner(name, clock, journal)) as [
    Owner,
    Owner,
    Owner,
  ];
});

describe("expiry", () => {
  test("an owner is due once, to the millisecond", () => {
    deadlines.arm(a, 100);
    clock.advance(99);
    expect(journal).toEqual([]);
    clock.advance(1);
    clock.advance(1000);
    expect(journal).toEqual(["a@100"]);
  });

  test("equal durations expire in the order of arming, at their own times", () => {
    deadlines.arm(a, 100);
    clock.advance(10);
    deadlines.arm(b, 100);
    deadlines.arm(c, 100);
    clock.advance(100);
    expect(journal).toEqual(["a@100", "b@110", "c@110"]);
  });

  test("owners that follow each other closely are served together, none of them early", () => {
    deadlines.arm(a, 400);
    clock.advance(1);
    deadlines.arm(b, 400);
    clock.advance(8);
    deadlines.arm(c, 400);
    clock.advance(500);
    expect(journal).toEqual(["a@400", "b@410", "c@410"]);
  });

  test("nobody waits longer than 25 ms for the company of others", () => {
    deadlines.arm(a, 25_000);
    clock.advance(1);
    deadlines.arm(b, 25_000);
    clock.advance(30_000);
    expect(journal).toEqual(["a@25000", "b@25025"]);
  });

  test("different durations do not wait for each other", () => {
    deadlines.arm(a, 300);
    deadlines.arm(b, 100);
    deadlines.arm(c, 200);
    clock.advance(300);
    expect(journal).toEqual(["b@100", "c@200", "a@300"]);
  });

  test("zero is due at the next turn, not at once", () => {
    deadlines.arm(a, 0);
    expect(journal).toEqual([]);
    clock.advance(0);
    expect(journal).toEqual(["a@0"]);
  });
});

describe("arming and disarming", () => {
  test("arming again replaces what was waited for, also with another duration", () => {
    deadlines.arm(a, 100);
    clock.advance(60);
    deadlines.arm(a, 100);
    clock.advance(60);
    expect(journal).toEqual([]);
    deadlines.arm(a, 10);
    clock.advance(200);
    expect(journal).toEqual(["a@130"]);
  });

  test.each([0, 1, 2])("owner %d of three can leave, and the others stay in order", (leaving) => {
    const owners = [a, b, c];
    for (const owner of owners) {
      deadlines.arm(owner, 100);
      clock.advance(1);
    }
    deadlines.disarm(owners[leaving]!);
    clock.advance(200);
    // After one expiry the next comes a fortieth of the duration later, in whole milliseconds.
    const all = [
      ["b@101", "c@104"],
      ["a@100", "c@103"],
      ["a@100", "b@103"],
    ];
    expect(journal).toEqual(all[leaving]);
  });

  test("disarming what does not wait does nothing", () => {
    deadlines.disarm(a);
    deadlines.arm(a, 10);
    clock.advance(10);
    deadlines.disarm(a);
    deadlines.disarm(a);
    expect(journal).toEqual(["a@10"]);
    expect(a.queue).toBeNull();
  });

  test("an owner may arm itself while it is due", () => {
    a.reaction = () => deadlines.arm(a, 100);
    deadlines.arm(a, 100);
    clock.advance(350);
    expect(journal).toEqual(["a@100", "a@200", "a@300"]);
  });

  test("an owner may arm itself while others of its queue still wait", () => {
    a.reaction = () => deadlines.arm(a, 100);
    deadlines.arm(a, 100);
    clock.advance(50);
    deadlines.arm(b, 100);
    clock.advance(160);
    expect(journal).toEqual(["a@100", "b@150", "a@200"]);
  });

  test("an owner that is due may disarm the next one of the same moment", () => {
    a.reaction = () => deadlines.disarm(b);
    for (const owner of [a, b, c]) deadlines.arm(owner, 100);
    clock.advance(100);
    expect(journal).toEqual(["a@100", "c@100"]);
  });

  test("an owner that is due may disarm everybody else", () => {
    a.reaction = () => {
      deadlines.disarm(b);
      deadlines.disarm(c);
      deadlines.arm(b, 100);
    };
    for (const owner of [a, b, c]) deadlines.arm(owner, 100);
    clock.advance(100);
    expect(journal).toEqual(["a@100"]);
    clock.advance(100);
    expect(journal).toEqual(["a@100", "b@200"]);
  });
});

describe("stalls", () => {
  test("after a stall nobody is judged before a turn of the loop has passed", () => {
    deadlines.arm(a, 100);
    clock.stall(1000);
    clock.advance(0);
    expect(journal).toEqual([]);
    // What the peer sent meanwhile is read now, and counts.
    deadlines.arm(a, 100);
    clock.advance(99);
    expect(journal).toEqual([]);
    clock.advance(1);
    expect(journal).toEqual(["a@1100"]);
  });

  test("after a stall those who stay silent are judged at the second look", () => {
    deadlines.arm(a, 100);
    deadlines.arm(b, 100);
    clock.stall(1000);
    clock.advance(0);
    deadlines.disarm(b);
    clock.advance(1);
    expect(journal).toEqual(["a@1001"]);
  });

  test("a second stall is noticed as well", () => {
    a.reaction = () => deadlines.arm(a, 100);
    deadlines.arm(a, 100);
    clock.stall(1000);
    clock.advance(1);
    expect(journal).toEqual(["a@1001"]);
    clock.stall(5000);
    clock.advance(0);
    expect(journal).toHaveLength(1);
    clock.advance(1);
    expect(journal).toEqual(["a@1001", "a@6002"]);
  });

  test("a second stall is noticed in a queue that was never empty, too", () => {
    a.reaction = () => deadlines.arm(a, 100);
    b.reaction = () => deadlines.arm(b, 100);
    deadlines.arm(a, 100);
    clock.advance(50);
    deadlines.arm(b, 100);
    clock.stall(1000);
    clock.advance(1);
    expect(journal).toEqual(["a@1051", "b@1051"]);
    clock.advance(50);
    deadlines.disarm(b);
    deadlines.arm(b, 100);
    clock.advance(50);
    expect(journal).toEqual(["a@1051", "b@1051", "a@1151"]);
    clock.stall(1000);
    clock.advance(0);
    expect(journal).toHaveLength(3);
    clock.advance(1);
    expect(journal.slice(3).sort()).toEqual(["a@2152", "b@2152"]);
  });

  test("a timer that is a little late is no stall", () => {
    deadlines.arm(a, 100);
    clock.stall(350);
    clock.advance(0);
    expect(journal).toEqual(["a@350"]);
  });
});

describe("what is left behind", () => {
  test("one timer serves a duration, however many wait", () => {
    for (const owner of [a, b, c]) deadlines.arm(owner, 100);
    expect(clock.pending).toBe(1);
    deadlines.arm(c, 200);
    expect(clock.pending).toBe(2);
  });

  test("with the last who waits all queues are dropped, and their timers", () => {
    deadlines.arm(a, 100);
    const first = a.queue;
    deadlines.arm(a, 200);
    deadlines.disarm(a);
    expect(clock.pending).toBe(0);
    deadlines.arm(a, 100);
    expect(a.queue).not.toBe(first);
    clock.advance(100);
    expect(clock.pending).toBe(0);
    expect([a.queue, a.earlier, a.later]).toEqual([null, null, null]);
  });

  test("while somebody waits, a queue in which nobody does keeps its timer for the next", () => {
    deadlines.arm(a, 1000);
    deadlines.arm(b, 100);
    const resting = b.queue;
    deadlines.disarm(b);
    expect(clock.pending).toBe(2);
    clock.advance(40);
    deadlines.arm(b, 100);
    expect([b.queue === resting, clock.pending]).toEqual([true, 2]);
    clock.advance(1000);
    expect(journal).toEqual(["b@140", "a@1000"]);
    expect(clock.pending).toBe(0);
  });

  test("a timer that rests until it fires is gone then", () => {
    deadlines.arm(a, 1000);
    deadlines.arm(b, 100);
    const rested = b.queue;
    deadlines.disarm(b);
    clock.advance(100);
    expect(clock.pending).toBe(1);
    deadlines.arm(b, 100);
    expect(b.queue).not.toBe(rested);
    clock.advance(1000);
    expect(journal).toEqual(["b@200", "a@1000"]);
  });

  test("no more than eight timers rest, whatever durations there are", () => {
    deadlines.arm(a, 1000);
    for (let duration = 100; duration < 200; duration++) {
      deadlines.arm(b, duration);
      deadlines.disarm(b);
    }
    expect(clock.pending).toBe(1 + 8);
    deadlines.disarm(a);
    expect(clock.pending).toBe(0);
  });

  test("a thousand owners that re-arm leave one timer", () => {
    const owners = Array.from({ length: 1000 }, (_, at) => new Owner(`${at}`, clock, journal));
    for (let turn = 0; turn < 5; turn++) {
      for (const owner of owners) deadlines.arm(owner, 100);
      clock.advance(90);
    }
    expect(clock.pending).toBe(1);
    clock.advance(10);
    expect(journal).toHaveLength(1000);
    expect(journal[0]).toBe("0@460");
    expect(journal[999]).toBe("999@460");
    expect(clock.pending).toBe(0);
  });
});
