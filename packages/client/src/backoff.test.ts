// The waits before reconnection attempts, for chosen random numbers.

import { expect, test } from "vitest";
import { backoffDelay } from "./backoff.ts";

const defaults = { reconnectionDelay: 1000, reconnectionDelayMax: 5000, randomizationFactor: 0.5 };
const LARGEST = 0.9999;

test.each([
  [1, 0, 500],
  [1, 0.5, 1000],
  [1, 0.9, 1400],
  [1, LARGEST, 1499],
  [2, 0.25, 1500],
  [3, 0, 2000],
  [3, LARGEST, 4999],
  // The bound is not where many clients meet.
  [10, 0, 2500],
  [10, 0.5, 3750],
  [10, LARGEST, 4999],
])("attempt %i, random %f: %i ms", (attempt, random, expected) => {
  expect(backoffDelay(defaults, attempt, random)).toBe(expected);
});

test("CL36 without randomisation it doubles up to the limit", () => {
  const settings = { ...defaults, randomizationFactor: 0 };
  const waits = [1, 2, 3, 4, 5000].map((attempt) => backoffDelay(settings, attempt, 0.7));
  expect(waits).toEqual([1000, 2000, 4000, 5000, 5000]);
});

test("CL36 with a factor of one it is anything up to twice the delay, or to the limit", () => {
  const settings = { ...defaults, randomizationFactor: 1 };
  expect([0, 0.5, LARGEST].map((random) => backoffDelay(settings, 1, random))).toEqual([
    0, 1000, 1999,
  ]);
  expect([0, 0.5, LARGEST].map((random) => backoffDelay(settings, 9, random))).toEqual([
    0, 2500, 4999,
  ]);
});

test("CL36 a delay beyond the limit is the limit", () => {
  const settings = { ...defaults, reconnectionDelay: 60_000, randomizationFactor: 0 };
  expect(backoffDelay(settings, 1, 0.9)).toBe(5000);
});
