// A clock that stands still until it is told how much time passes. Knows nothing of what waits on it.

import type { Clock, Milliseconds } from "@sockeye/portable";

interface Waiting {
  readonly dueAt: Milliseconds;
  readonly callback: () => void;
}

/** Time under the control of a test. */
export class FakeClock implements Clock {
  #now: Milliseconds = 1000;
  // In the order in which they were armed, so that equal times keep it.
  readonly #waiting = new Set<Waiting>();

  now(): Milliseconds {
    return this.#now;
  }

  wallTime(): Milliseconds {
    return 1_700_000_000_000 + this.#now;
  }

  after(delay: Milliseconds, callback: () => void): () => void {
    const waiting = { dueAt: this.#now + Math.max(0, delay), callback };
    this.#waiting.add(waiting);
    return () => this.#waiting.delete(waiting);
  }

  /** How many callbacks wait. */
  get pending(): number {
    return this.#waiting.size;
  }

  /** Lets time pass: everything that falls due is called at its time and in order, also what is armed on the way. */
  advance(duration: Milliseconds): void {
    const end = this.#now + duration;
    for (let next = this.#earliest(end); next !== null; next = this.#earliest(end)) {
      this.#waiting.delete(next);
      this.#now = Math.max(this.#now, next.dueAt);
      next.callback();
    }
    this.#now = end;
  }

  /** Lets time pass with nobody called in time, as when a process was suspended; the next `advance` calls them late. */
  stall(duration: Milliseconds): void {
    this.#now += duration;
  }

  #earliest(until: Milliseconds): Waiting | null {
    let earliest: Waiting | null = null;
    for (const waiting of this.#waiting) {
      if (waiting.dueAt <= until && (earliest === null || waiting.dueAt < earliest.dueAt)) {
        earliest = waiting;
      }
    }
    return earliest;
  }
}
