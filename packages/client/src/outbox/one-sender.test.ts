// Which of several pages sends, where there are no Web Locks: a lease in the store decides.

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { oneSender } from "./one-sender.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** The lease of a shared store. */
function sharedLease() {
  let held: { owner: string; until: number } | undefined;
  const of = (owner: string) => async (ms: number) => {
    const isMine = !held || held.owner === owner || held.until <= Date.now();
    if (isMine) held = ms > 0 ? { owner, until: Date.now() + ms } : undefined;
    return isMine;
  };
  return { of, owner: () => held?.owner };
}

const pending = (): { promise: Promise<void>; end: () => void } => {
  let end = (): void => {};
  const promise = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { promise, end };
};

test("a second page waits until the first has given the lease back", async () => {
  const lease = sharedLease();
  const one = oneSender({ key: "k", locks: undefined, lease: lease.of("one") });
  const other = oneSender({ key: "k", locks: undefined, lease: lease.of("other") });
  const work = pending();
  const first = one(() => work.promise);
  const ran = vi.fn(async () => {});
  const second = other(ran);
  await vi.advanceTimersByTimeAsync(120_000);
  expect(ran).not.toHaveBeenCalled();
  expect(lease.owner()).toBe("one");
  work.end();
  await first;
  await vi.advanceTimersByTimeAsync(5000);
  await second;
  expect(ran).toHaveBeenCalledOnce();
  expect(lease.owner()).toBeUndefined();
  expect(vi.getTimerCount()).toBe(0);
});

test("the lease of a page that has crashed runs out, and that of one that sleeps is lost", async () => {
  const lease = sharedLease();
  await lease.of("crashed")(30_000);
  const other = oneSender({ key: "k", locks: undefined, lease: lease.of("other") });
  const answers: boolean[] = [];
  const done = other(async (isMine) => void answers.push(await isMine()));
  await vi.advanceTimersByTimeAsync(29_000);
  expect(answers).toEqual([]);
  await vi.advanceTimersByTimeAsync(5000);
  await done;
  expect(answers).toEqual([true]);
  await lease.of("thief")(30_000);
  expect(await lease.of("other")(30_000)).toBe(false);
});
