// Cookies as servers set them.

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CookieJar } from "./cookie-jar.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2026-01-01T00:00:00Z") });
});
afterEach(() => {
  vi.useRealTimers();
});

function after(...headers: string[]): string | undefined {
  const jar = new CookieJar();
  jar.store(headers);
  return jar.header();
}

test.each([
  ["a=1", "a=1"],
  ["a=1; Path=/; HttpOnly; Secure", "a=1"],
  ['a="quoted"', "a=quoted"],
  ["a=b=c", "a=b=c"],
  ["a=", "a="],
  ["a=1; Max-Age=10", "a=1"],
  ["a=1; MAX-AGE=0", undefined],
  ["a=1; max-age=-5", undefined],
  ["a=1; Max-Age=soon", undefined],
  ["a=1; Expires=Thu, 01 Jan 2030 00:00:00 GMT", "a=1"],
  ["a=1; expires=Thu, 01 Jan 2020 00:00:00 GMT", undefined],
  ["a=1; Expires=whenever", undefined],
  ["a=1; Expires=Thu, 01 Jan 2020 00:00:00 GMT; Max-Age=5", "a=1"],
  ["nonsense", undefined],
  ["=value", undefined],
  ["", undefined],
])("%s", (header, expected) => {
  expect(after(header)).toBe(expected);
});

test("several, replaced and withdrawn", () => {
  expect(after("a=1", "b=2", "a=3")).toBe("a=3; b=2");
  expect(after("a=1", "b=2", "a=; Max-Age=0")).toBe("b=2");
});

test("they end when their time is over", () => {
  const jar = new CookieJar();
  jar.store(["a=1; Max-Age=10", "b=2"]);
  vi.advanceTimersByTime(10_000);
  expect(jar.header()).toBe("b=2");
});

test("a response without cookies changes nothing", () => {
  const jar = new CookieJar();
  jar.store(undefined);
  expect(jar.header()).toBeUndefined();
});
