// Deadlines against the simplest thing that could be right: a list of owners and times, searched whole.

import { FakeClock } from "@sockeye/testkit";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type DeadlineQueue, Deadlines, type Timed } from "./deadlines.ts";

const OWNERS = 6;
const DURATIONS = [1, 60, 100, 2000];

type Step =
  | { readonly kind: "arm"; readonly owner: number; readonly duration: number }
  | { readonly kind: "disarm"; readonly owner: number }
  | { readonly kind: "pass"; readonly time: number };

const owner = fc.nat(OWNERS - 1);
const duration = fc.constantFrom(...DURATIONS);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant("arm" as const), owner, duration }),
  fc.record({ kind: fc.constant("disarm" as const), owner }),
  // Quarters, because clocks do not count whole milliseconds.
  fc.record({ kind: fc.constant("pass" as const), time: fc.nat(960).map((at) => at / 4) }),
);

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

/** As a connection does: an owner with an even number waits anew, for another time, when it was due. */
function again(who: number, turn: number): number | null {
  return who % 2 === 0 ? (DURATIONS[turn % DURATIONS.length] as number) : null;
}

// How late somebody may be served: together with others (docs/decisions/0003-deadlines.md), at a whole millisecond.
function patience(duration: number): number {
  return Math.min(25, duration / 40) + 2;
}

/** What went wrong while time passed as told. */
function run(steps: readonly Step[]): string[] {
  const clock = new FakeClock();
  const deadlines = new Deadlines(clock);
  const wrong: string[] = [];
  /** Until when each owner that waits must have been served, and from when on it may be. */
  const due = new Map<number, { from: number; until: number }>();
  const arm = (who: number, wait: number): void => {
    deadlines.arm(owners[who] as Owner, wait);
    const from = clock.now() + wait;
    due.set(who, { from, until: from + patience(wait) });
  };
  const turns = Array.from({ length: OWNERS }, () => 0);
  const owners = turns.map(
    (_, who) =>
      new Owner(() => {
        const expected = due.get(who);
        const now = clock.now();
        if (expected === undefined) wrong.push(`${who} at ${now}, which waited for nothing`);
        else if (now < expected.from) wrong.push(`${who} at ${now}, before ${expected.from}`);
        due.delete(who);
        turns[who] = (turns[who] as number) + 1;
        const next = again(who, turns[who] as number);
        if (next !== null) arm(who, next);
      }),
  );
  for (const each of steps) {
    if (each.kind === "arm") arm(each.owner, each.duration);
    else if (each.kind === "disarm") {
      deadlines.disarm(owners[each.owner] as Owner);
      due.delete(each.owner);
    } else clock.advance(each.time);
    for (const [who, { until }] of due) {
      if (until < clock.now()) wrong.push(`${who} not by ${until}`);
    }
    if (clock.pending > (due.size === 0 ? 0 : DURATIONS.length)) wrong.push("timers left behind");
  }
  return wrong;
}

test("everybody is due at the time that was said last, and nobody else", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      expect(run(steps)).toEqual([]);
    }),
    { numRuns: 400 },
  );
});
