// A clock that advances only on request of a test. Does not know its users.

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

  /** Number of pending callbacks. */
  get pending(): number {
    return this.#waiting.size;
  }

  /** Advances the time: due callbacks run at their time and in order, including those added meanwhile. */
  advance(duration: Milliseconds): void {
    const end = this.#now + duration;
    for (let next = this.#earliest(end); next !== null; next = this.#earliest(end)) {
      this.#waiting.delete(next);
      this.#now = Math.max(this.#now, next.dueAt);
      next.callback();
    }
    this.#now = end;
  }

  /** Advances the time without callbacks, as when a process is suspended; the next `advance` runs them late. */
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
