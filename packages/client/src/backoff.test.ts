// The waits before reconnection attempts, for chosen random numbers.

import { expect, test } from "vitest";
import { backoffDelay } from "./backoff.ts";

const defaults = { reconnectionDelay: 1000, reconnectionDelayMax: 5000, randomizationFactor: 0.5 };

test.each([
  // Even tenths shorten, odd ones lengthen; the size of the number is the size of the deviation.
  [1, 0, 1000],
  [1, 0.1, 1050],
  [1, 0.2, 900],
  [1, 0.899, 551],
  [1, 0.999, 1499],
  [2, 0.5, 2500],
  [3, 0.9, 5000],
  [4, 0.8, 4800],
  [10, 0.9, 5000],
])("attempt %i, random %f: %i ms", (attempt, random, expected) => {
  expect(backoffDelay(defaults, attempt, random)).toBe(expected);
});

test("without randomisation it doubles up to the limit", () => {
  const settings = { ...defaults, randomizationFactor: 0 };
  const waits = [1, 2, 3, 4, 1000].map((attempt) => backoffDelay(settings, attempt, 0.7));
  expect(waits).toEqual([1000, 2000, 4000, 5000, 5000]);
});

test("stays within its documented range for any random number", () => {
  for (let at = 0; at < 1000; at++) {
    const wait = backoffDelay(defaults, 1, at / 1000);
    expect(wait).toBeGreaterThanOrEqual(500);
    expect(wait).toBeLessThanOrEqual(1500);
  }
});
