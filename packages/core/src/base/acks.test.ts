// Outstanding acknowledgements alone, with time in our hands.

import { Deadlines } from "@sockeye/portable";
import { FakeClock } from "@sockeye/testkit";
import { expect, test } from "vitest";
import { Acks } from "./acks.ts";

function setUp(): { acks: Acks; calls: unknown[][]; clock: FakeClock; callback: () => void } {
  const clock = new FakeClock();
  const calls: unknown[][] = [];
  const acks = new Acks(new Deadlines(clock), (_callback, args) => void calls.push([...args]));
  return { acks, calls, clock, callback: () => {} };
}

test("SO26 an answer is given to its callback once", () => {
  const { acks, calls, callback } = setUp();
  acks.expect(1, { callback });
  acks.onAnswer(2, ["other"]);
  acks.onAnswer(1, ["a", "b"]);
  acks.onAnswer(1, ["again"]);
  expect(calls).toEqual([["a", "b"]]);
});

test("SO28 with a time-out null comes first, or the error when the time is up", () => {
  const { acks, calls, clock, callback } = setUp();
  acks.expect(1, { callback, timeout: 100 });
  acks.expect(2, { callback, timeout: 100 });
  clock.advance(99);
  acks.onAnswer(1, ["a"]);
  expect(calls).toEqual([[null, "a"]]);
  clock.advance(1);
  acks.onAnswer(2, ["late"]);
  expect(calls[1]).toEqual([new Error("operation has timed out")]);
  expect(calls).toHaveLength(2);
  expect(clock.pending).toBe(0);
});

test("SO28 an answer in time leaves no timer behind", () => {
  const { acks, clock, callback } = setUp();
  acks.expect(1, { callback, timeout: 100 });
  acks.onAnswer(1, []);
  expect(clock.pending).toBe(0);
});

test("SO30 at the end those that can be told are told, the others forgotten", () => {
  const { acks, calls, clock, callback } = setUp();
  const rejected: Error[] = [];
  acks.expect(1, { callback });
  acks.expect(2, { callback, timeout: 100 });
  acks.expect(3, { callback, onDisconnect: (error) => void rejected.push(error) });
  acks.expect(4, { callback, timeout: 100 });
  acks.delete(4);
  acks.rejectAll();
  acks.rejectAll();
  const error = new Error("socket has been disconnected");
  expect(calls).toEqual([[error]]);
  expect(rejected).toEqual([error]);
  expect(clock.pending).toBe(0);
});
