// Token buckets.

import fc from "fast-check";
import { expect, test } from "vitest";
import { type Rate, TokenBucket } from "./bucket.ts";

/** A bucket, and the time that it looks at. */
function made(rate: Rate, from = 0) {
  let now = from;
  let looks = 0;
  const time = {
    wallTime(): number {
      looks += 1;
      return now;
    },
  };
  const bucket = new TokenBucket(rate, time);
  const take = (at: number, count: number): boolean[] => {
    now = at;
    return Array.from({ length: count }, () => bucket.takeOne());
  };
  const spend = (at: number, cost: number): boolean => {
    now = at;
    return bucket.spend(cost);
  };
  return { bucket, take, spend, looks: () => looks };
}

test("a bucket begins full, refills with time, and holds no more than its burst", () => {
  const { bucket, take } = made({ rate: 2, burst: 3 });
  expect(take(0, 4)).toEqual([true, true, true, false]);
  expect(bucket.waitFor(1)).toBe(500);
  expect(take(499, 1)).toEqual([false]);
  expect(take(500, 2)).toEqual([true, false]);
  expect(take(1e9, 4)).toEqual([true, true, true, false]);
});

test("what costs more than there is passes once, and leaves a debt", () => {
  const { bucket, spend } = made({ rate: 10, burst: 10 });
  expect(spend(0, 30)).toBe(true);
  expect(spend(0, 1)).toBe(false);
  expect(spend(2000, 1)).toBe(false);
  expect(bucket.waitFor(1)).toBe(100);
  expect(spend(2100, 1)).toBe(true);
});

test("in no span of time more passes than the burst and what the span brings", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 1, max: 100 }),
      fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3000 })), { maxLength: 300 }),
      (rate, burst, steps) => {
        const { take } = made({ rate, burst });
        const taken: number[] = [];
        let now = 0;
        for (const step of steps) {
          now += step;
          if (take(now, 1)[0] === true) taken.push(now);
        }
        for (const [first, from] of taken.entries()) {
          for (let last = first; last < taken.length; last++) {
            const span = ((taken[last] ?? 0) - from) / 1000;
            if (last - first + 1 > burst + rate * span + 1e-6) return false;
          }
        }
        return true;
      },
    ),
    { numRuns: 50 },
  );
});

test("a full bucket lets at least fifteen sixteenths of its burst pass at once", () => {
  const { take } = made({ rate: 1, burst: 160 });
  expect(take(0, 200).filter(Boolean)).toHaveLength(160);
  expect(take(1e9, 200).filter(Boolean).length).toBeGreaterThanOrEqual(150);
});

test("the clock is looked at once in a sixteenth of the burst", () => {
  const { looks, take } = made({ rate: 1, burst: 1600 });
  take(0, 1010);
  expect(looks()).toBe(1 + 10);
});

test("a clock that goes back does not stop the refill", () => {
  const { take } = made({ rate: 1, burst: 1 }, 1e9);
  expect(take(1e9, 1)).toEqual([true]);
  expect(take(0, 1)).toEqual([false]);
  expect(take(1000, 1)).toEqual([true]);
});
