// The memory of addresses and users is bounded, and those with connections are never forgotten.

import { expect, test } from "vitest";
import { Holders } from "./holders.ts";

test("of holders without connections the oldest are forgotten, and it is told", () => {
  let told = 0;
  const holders = new Holders(10, () => told++);
  const first = holders.get("first");
  for (let each = 0; each < 1000; each++) {
    holders.get(`address ${each}`);
    expect(holders.size).toBeLessThanOrEqual(10);
  }
  expect(holders.get("first")).not.toBe(first);
  expect(holders.get("address 999")).toBe(holders.get("address 999"));
  expect(told).toBeGreaterThan(0);
});

test("a holder with a connection stays, is counted, and is remembered for a while after the last has ended", () => {
  const holders = new Holders(10, () => {});
  const kept = holders.get("kept");
  holders.acquire(kept);
  holders.acquire(kept);
  for (let each = 0; each < 100; each++) holders.get(`address ${each}`);
  expect(holders.get("kept")).toBe(kept);
  holders.release(kept);
  for (let each = 0; each < 100; each++) holders.get(`address ${each}`);
  expect(holders.get("kept")).toBe(kept);
  expect(kept.count).toBe(1);
  holders.release(kept);
  expect(holders.get("kept")).toBe(kept);
  for (let each = 0; each < 100; each++) holders.get(`address ${each}`);
  expect(holders.get("kept")).not.toBe(kept);
});

test("its buckets are those of the rates that ask for them", () => {
  const time = { wallTime: () => 0 };
  const holder = new Holders(10, () => {}).get("one");
  const [slow, fast] = [
    { rate: 1, burst: 1 },
    { rate: 9, burst: 9 },
  ];
  expect(holder.bucket(slow, time).takeOne()).toBe(true);
  expect(holder.bucket(slow, time).takeOne()).toBe(false);
  expect(holder.bucket(fast, time).takeOne()).toBe(true);
});
