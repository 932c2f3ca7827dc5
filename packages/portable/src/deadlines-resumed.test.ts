// Deadlines that go on where they were in another process.

import { FakeClock } from "@sockeye/testkit";
import { beforeEach, describe, expect, test } from "vitest";
import { Deadlines, Waiting } from "./deadlines.ts";

class Owner extends Waiting {
  due = 0;
  readonly #clock: FakeClock;

  constructor(clock: FakeClock) {
    super();
    this.#clock = clock;
  }

  onDue(): void {
    this.due = this.#clock.now();
  }
}

let clock: FakeClock;
let deadlines: Deadlines;

beforeEach(() => {
  clock = new FakeClock();
  deadlines = new Deadlines(clock);
});

describe("a wait that goes on", () => {
  test("MV5 is over on a grid of a fortieth of the whole, and ten thousand share some forty timers", () => {
    const owners = Array.from({ length: 10_000 }, () => new Owner(clock));
    for (const [at, owner] of owners.entries()) deadlines.resume(owner, at + 1, 10_000);
    expect(clock.pending).toBeLessThanOrEqual(41);
    const start = clock.now();
    clock.advance(20_000);
    for (const [at, { due }] of owners.entries()) {
      const late = due - start - (at + 1);
      expect(late).toBeGreaterThanOrEqual(0);
      expect(late).toBeLessThan(250 + 25);
    }
  });

  test("MV5 going on repeatedly adds nothing", () => {
    const owner = new Owner(clock);
    deadlines.arm(owner, 10_000);
    const latest = clock.now() + 10_000 + 250;
    while (owner.due === 0 && clock.now() < 2 * latest) {
      const left = deadlines.left(owner);
      deadlines.disarm(owner);
      deadlines.resume(owner, left, 10_000);
      clock.advance(70);
    }
    expect(owner.due).toBeGreaterThanOrEqual(11_000);
    expect(owner.due).toBeLessThanOrEqual(latest);
  });

  test.each([0, -1, -1e9])("MV5 with %s left it is over after a step of the grid", (left) => {
    const owner = new Owner(clock);
    deadlines.resume(owner, left, 4000);
    clock.advance(99);
    expect(owner.due).toBe(0);
    clock.advance(1);
    expect(owner.due).toBe(clock.now());
  });

  test("MV5 for ever stays for ever, without a timer", () => {
    const owner = new Owner(clock);
    deadlines.resume(owner, Infinity, Infinity);
    expect([clock.pending, deadlines.left(owner)]).toEqual([0, Infinity]);
  });
});
