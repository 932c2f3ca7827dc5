// Token buckets: a rate with a burst. Knows no clock; the caller brings the time. That is the wall clock's: to read it takes half
// as long as the other one's, and most of the time of a limit. Where it is set forward a bucket is full, where back it waits.

import type { Milliseconds } from "@sockeye/portable";

/** So much a second, and so much at once. */
export interface Rate {
  /** Tokens a second. */
  readonly rate: number;
  /** Tokens of a full bucket. */
  readonly burst: number;
}

/** One bucket. It begins full. */
export class TokenBucket {
  readonly #perMillisecond: number;
  readonly #burst: number;
  #tokens: number;
  #at: Milliseconds;

  constructor({ burst, rate }: Rate, now: Milliseconds) {
    this.#perMillisecond = rate / 1000;
    this.#burst = burst;
    this.#tokens = burst;
    this.#at = now;
  }

  /** Takes one token, if there is one. Hot path. */
  takeOne(now: Milliseconds): boolean {
    const tokens = this.#refill(now);
    if (tokens < 1) return false;
    this.#tokens = tokens - 1;
    return true;
  }

  /**
   * Takes as many tokens as something costs, if there are any: what costs more than there is leaves a debt, which is paid before
   * anything else is taken. Otherwise a message that is larger than the bucket could never pass.
   */
  spend(cost: number, now: Milliseconds): boolean {
    const tokens = this.#refill(now);
    if (tokens <= 0) return false;
    this.#tokens = tokens - cost;
    return true;
  }

  /** Milliseconds until something can be taken again. */
  waitAt(now: Milliseconds, needed: number): Milliseconds {
    const missing = needed - this.#refill(now);
    return missing <= 0 ? 0 : Math.ceil(missing / this.#perMillisecond);
  }

  #refill(now: Milliseconds): number {
    const passed = now - this.#at;
    if (passed === 0) return this.#tokens;
    // A clock that goes back must not stop the refill until it is where it was.
    this.#at = now;
    if (passed > 0) {
      this.#tokens = Math.min(this.#burst, this.#tokens + passed * this.#perMillisecond);
    }
    return this.#tokens;
  }
}
