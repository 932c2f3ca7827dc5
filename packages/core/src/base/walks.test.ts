// Walks alone: what waits, in which order it is done, and that it is always done.

import { SeededRandom } from "@sockeye/testkit";
import { expect, test } from "vitest";
import { Walks } from "./walks.ts";

/** Does something within a walk. */
function within(walks: Walks, act: () => void): void {
  walks.begin();
  try {
    act();
  } finally {
    walks.end();
  }
}

test("SO63 without a walk an action is done at once, within one after the outermost", () => {
  const walks = new Walks(() => expect.unreachable());
  const order: string[] = [];
  walks.after(() => order.push("at once"));
  within(walks, () => {
    walks.after(() => order.push("first"));
    within(walks, () => walks.after(() => order.push("second")));
    order.push(`still going on: ${walks.isGoingOn}`);
  });
  expect(order).toEqual(["at once", "still going on: true", "first", "second"]);
  expect(walks.isGoingOn).toBe(false);
});

test("SO63 5,000 actions that cause one another are done in a loop, none within another", () => {
  const walks = new Walks(() => expect.unreachable());
  let depth = 0;
  let deepest = 0;
  let done = 0;
  const act = (): void => {
    deepest = Math.max(deepest, ++depth);
    done += 1;
    // What a `disconnect` listener does: another broadcast, which overflows the next client.
    if (done < 5000) within(walks, () => walks.after(act));
    depth -= 1;
  };
  within(walks, () => walks.after(act));
  expect([done, deepest]).toEqual([5000, 1]);
});

test("SO63 an action that throws keeps none of the others from being done, nor a walk that throws", () => {
  const failures: unknown[] = [];
  const walks = new Walks((error) => void failures.push(error));
  const done: number[] = [];
  const walk = (): void =>
    within(walks, () => {
      for (let at = 0; at < 6; at++) {
        walks.after(() => {
          if (at % 2 === 0) throw new Error(`action ${at}`);
          done.push(at);
        });
      }
      throw new Error("the walk");
    });
  expect(walk).toThrow("the walk");
  expect(done).toEqual([1, 3, 5]);
  expect(failures.map(String)).toEqual(["Error: action 0", "Error: action 2", "Error: action 4"]);
  expect(walks.isGoingOn).toBe(false);
});

test("SO63 whatever is nested, every action is done once, after every walk, in the order of asking", () => {
  for (let seed = 1; seed <= 200; seed++) {
    const random = new SeededRandom(seed);
    const failures: unknown[] = [];
    const walks = new Walks((error) => void failures.push(String(error)));
    const asked: number[] = [];
    const done: number[] = [];
    let steps = 0;
    const act = (): void => {
      if (++steps > 60) return;
      const choice = random.below(3);
      if (choice === 0) within(walks, act);
      else {
        const isLater = walks.isGoingOn;
        const number = steps;
        if (isLater) asked.push(number);
        walks.after(() => {
          expect(walks.isGoingOn).toBe(false);
          if (isLater) done.push(number);
          act();
          if (random.below(4) === 0) throw new Error("an action");
        });
      }
      if (random.below(2) === 0) act();
    };
    try {
      within(walks, () => {
        act();
        act();
      });
    } catch {
      // An action that was done at once threw.
    }
    expect(done, `seed ${seed}`).toEqual(asked);
    expect(failures.filter((text) => text !== "Error: an action")).toEqual([]);
  }
});
