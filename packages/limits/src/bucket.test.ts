// Token buckets.

import fc from "fast-check";
import { expect, test } from "vitest";
import { TokenBucket } from "./bucket.ts";

test("a bucket begins full, refills with time, and holds no more than its burst", () => {
  const bucket = new TokenBucket({ rate: 2, burst: 3 }, 0);
  const take = (at: number, count: number) =>
    Array.from({ length: count }, () => bucket.takeOne(at));
  expect(take(0, 4)).toEqual([true, true, true, false]);
  expect(bucket.waitAt(0, 1)).toBe(500);
  expect(take(499, 1)).toEqual([false]);
  expect(take(500, 2)).toEqual([true, false]);
  expect(take(1e9, 4)).toEqual([true, true, true, false]);
});

test("what costs more than there is passes once, and leaves a debt", () => {
  const bucket = new TokenBucket({ rate: 100, burst: 100 }, 0);
  expect(bucket.spend(300, 0)).toBe(true);
  expect(bucket.spend(1, 0)).toBe(false);
  expect(bucket.spend(1, 2000)).toBe(false);
  expect(bucket.waitAt(2000, 1)).toBe(10);
  expect(bucket.spend(1, 2010)).toBe(true);
});

test("in no span of time more passes than the burst and what the span brings", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 1, max: 50 }),
      fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 200 }),
      (rate, burst, steps) => {
        const bucket = new TokenBucket({ rate, burst }, 0);
        const taken: number[] = [];
        let now = 0;
        for (const step of steps) {
          now += step;
          if (bucket.takeOne(now)) taken.push(now);
        }
        for (const [first, from] of taken.entries()) {
          for (const [last, to] of taken.entries()) {
            if (last < first) continue;
            expect(last - first + 1).toBeLessThanOrEqual(
              burst + (rate * (to - from)) / 1000 + 1e-6,
            );
          }
        }
      },
    ),
    { numRuns: 30 },
  );
});

test("a clock that goes back does not stop the refill", () => {
  const bucket = new TokenBucket({ rate: 1, burst: 1 }, 1e9);
  expect(bucket.takeOne(1e9)).toBe(true);
  expect(bucket.takeOne(0)).toBe(false);
  expect(bucket.takeOne(1000)).toBe(true);
});
