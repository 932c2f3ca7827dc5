// The clock port. Hosts implement it; only implementations may name the platform's timers.

/** A point in time or a duration, in milliseconds. */
export type Milliseconds = number;

/** Time as portable code sees it. */
export interface Clock {
  /** Milliseconds since some fixed moment; never goes back. */
  now(): Milliseconds;
  /** Calls back once after at least `delay`; the returned function cancels. */
  after(delay: Milliseconds, callback: () => void): () => void;
  /** Milliseconds since 1970, for what users read. */
  wallTime(): Milliseconds;
}
