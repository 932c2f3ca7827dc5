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
  fc.record({ kind: fc.constant("pass" as const), time: fc.nat(240) }),
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

function run(steps: readonly Step[]): { real: string[]; model: string[]; left: number } {
  const clock = new FakeClock();
  const deadlines = new Deadlines(clock);
  const start = clock.now();
  const real: string[] = [];
  const model: string[] = [];
  const turns = Array.from({ length: OWNERS }, () => 0);
  const owners = turns.map((_, who) => {
    const each: Owner = new Owner(() => {
      real.push(`${clock.now() - start}:${who}`);
      const next = again(who, real.filter((text) => text.endsWith(`:${who}`)).length);
      if (next !== null) deadlines.arm(each, next);
    });
    return each;
  });
  const due = new Map<number, number>();
  let now = 0;
  for (const each of steps) {
    if (each.kind === "arm") {
      deadlines.arm(owners[each.owner] as Owner, each.duration);
      due.set(each.owner, now + each.duration);
    } else if (each.kind === "disarm") {
      deadlines.disarm(owners[each.owner] as Owner);
      due.delete(each.owner);
    } else {
      clock.advance(each.time);
      for (const end = now + each.time; now < end; now++) {
        for (const [who, at] of [...due]) {
          if (at !== now + 1) continue;
          model.push(`${at}:${who}`);
          turns[who] = (turns[who] as number) + 1;
          const next = again(who, turns[who] as number);
          if (next === null) due.delete(who);
          else due.set(who, at + next);
        }
      }
    }
  }
  return { real: real.sort(), model: model.sort(), left: due.size - clock.pending };
}

test("everybody is due at the time that was said last, and nobody else", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { real, model, left } = run(steps);
      expect(real).toEqual(model);
      // At most one timer per duration that somebody waits for.
      expect(left).toBeGreaterThanOrEqual(0);
    }),
    { numRuns: 400 },
  );
});
