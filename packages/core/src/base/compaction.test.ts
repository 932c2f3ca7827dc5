// Which requests are compacted, and when.

import { FakeClock } from "@sockeye/testkit";
import { expect, test } from "vitest";
import { Compaction } from "./compaction.ts";

function connection(): { isOpen: boolean; compacted: number; request: { compact(): void } } {
  const self = {
    isOpen: true,
    compacted: 0,
    request: {
      compact(): void {
        self.compacted += 1;
      },
    },
  };
  return self;
}

test("NH60 a connection that has lasted a second is compacted once, one that has ended is not", () => {
  const clock = new FakeClock();
  const compaction = new Compaction(clock);
  const [lasting, short] = [connection(), connection()];
  compaction.add(lasting);
  compaction.add(short);
  compaction.add({ isOpen: true, request: {} });
  clock.advance(999);
  expect(lasting.compacted).toBe(0);
  short.isOpen = false;
  clock.advance(1);
  clock.advance(60_000);
  expect([lasting.compacted, short.compacted, clock.pending]).toEqual([1, 0, 0]);
});

test("many are compacted in portions, and those that come later as well", () => {
  const clock = new FakeClock();
  const compaction = new Compaction(clock);
  const first = Array.from({ length: 1200 }, connection);
  for (const each of first) compaction.add(each);
  const counted = (): number => first.reduce((sum, { compacted }) => sum + compacted, 0);
  clock.advance(1000);
  expect(counted()).toBe(500);
  const later = connection();
  compaction.add(later);
  clock.advance(20);
  expect(counted()).toBe(1000);
  clock.advance(20);
  expect([counted(), later.compacted, clock.pending]).toEqual([1200, 1, 0]);
  compaction.add(first[0] as (typeof first)[0]);
  clock.advance(1000);
  expect(first[0]?.compacted).toBe(2);
});

test("without a clock of its own it is done at once", () => {
  const each = connection();
  new Compaction(undefined).add(each);
  expect(each.compacted).toBe(1);
});
