// Medians and exponents of growth, by example.
import { expect, test } from "vitest";
import { exponent, median, quantile, short, slope } from "./statistics.mjs";

test("the median of what is finite", () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(median([Number.NaN, 5])).toBe(5);
  expect(median([])).toBeNaN();
});

test("quantiles", () => {
  const values = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect(quantile(values, 0.99)).toBe(100);
  expect(quantile(values, 0)).toBe(1);
});

test("the slope of a line, whatever lies beside it", () => {
  expect(slope([5, 5, 5, 5])).toBe(0);
  expect(slope([1, 3, 5, 7])).toBe(2);
  expect(slope([1, 0, 1, 0, 1])).toBe(0);
});

test("the exponent tells constant, linear and quadratic growth apart", () => {
  const grown = (power: number) =>
    [1, 10, 100, 1000].map((size) => ({ size, cost: 7 * size ** power }));
  expect(exponent(grown(0))).toBeCloseTo(0);
  expect(exponent(grown(1))).toBeCloseTo(1);
  expect(exponent(grown(2))).toBeCloseTo(2);
});

test("numbers for people", () => {
  expect(["1.23", "12.3", "123", "–"]).toEqual([1.234, 12.34, 123.4, Number.NaN].map(short));
});
