// The clock port, and functions on top of it. Hosts implement the port; only implementations may use the platform's
// timers.

/** A point in time or a duration, in milliseconds. */
export type Milliseconds = number;

/** The source of time for portable code. */
export interface Clock {
  /** Milliseconds since some fixed moment; never goes back. */
  now(): Milliseconds;
  /** Calls back once after at least `delay`, at most `LONGEST_DELAY`; the returned function cancels. */
  after(delay: Milliseconds, callback: () => void): () => void;
  /** Milliseconds since 1970, for what users read. */
  wallTime(): Milliseconds;
}

/**
 * The longest delay that timers of every platform take: 2^31 - 1 ms, almost 25 days. Longer ones fire at once there.
 */
export const LONGEST_DELAY: Milliseconds = 2 ** 31 - 1;

/** A duration made valid: zero for a negative value or NaN. `Infinity` stays. */
export function duration(given: Milliseconds): Milliseconds {
  return given > 0 ? given : 0;
}

/**
 * Calls back once after `delay`, however long it is; never when it is `Infinity`. The returned function cancels.
 * For single waits. `Deadlines` shares one timer among many owners that wait for the same duration.
 */
export function waitFor(clock: Clock, delay: Milliseconds, callback: () => void): () => void {
  const wanted = duration(delay);
  if (wanted <= LONGEST_DELAY) return clock.after(wanted, callback);
  if (wanted === Infinity) return () => {};
  const dueAt = clock.now() + wanted;
  let cancel = (): void => {};
  const step = (): void => {
    const left = dueAt - clock.now();
    if (left <= 0) callback();
    else cancel = clock.after(Math.min(left, LONGEST_DELAY), step);
  };
  step();
  return () => cancel();
}
