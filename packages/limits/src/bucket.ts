// Token buckets: a rate with a burst. Hot path: to look at the clock takes longer than everything else here, so that a bucket does
// it for the first of several events. What may pass without a look is held back from the refill: no more than the burst
// ever passes at once, but a sixteenth less may.

import type { Clock, Milliseconds } from "@sockeye/portable";

/** So much a second, and so much at once. */
export interface Rate {
  /** Tokens a second. */
  readonly rate: number;
  /** Tokens of a full bucket. */
  readonly burst: number;
}

/** The part of a burst that passes without a look at the clock. */
const UNSEEN = 1 / 16;

/** The time that buckets look at. */
export type Time = Pick<Clock, "wallTime">;

/** One bucket. It begins full. */
export class TokenBucket {
  readonly #time: Time;
  readonly #perMillisecond: number;
  /** What may pass between two looks. */
  readonly #mostUnseen: number;
  /** To which it is refilled. */
  readonly #full: number;
  #tokens: number;
  #at: Milliseconds;
  /** What may pass before the next look. */
  #unseen = 0;

  constructor({ burst, rate }: Rate, time: Time) {
    this.#time = time;
    this.#perMillisecond = rate / 1000;
    this.#mostUnseen = Math.floor(burst * UNSEEN);
    this.#full = burst - this.#mostUnseen;
    this.#tokens = burst;
    this.#at = time.wallTime();
  }

  /** Takes one token, if there is one. */
  takeOne(): boolean {
    if (this.#unseen >= 1) {
      this.#unseen -= 1;
      this.#tokens -= 1;
      return true;
    }
    this.#look();
    if (this.#tokens < 1) return false;
    this.#spend(1);
    return true;
  }

  /**
   * Takes as many tokens as something costs, if there are any: what costs more than there is leaves a debt, which is paid before
   * anything else is taken. Otherwise a message that is larger than the bucket could never pass.
   */
  spend(cost: number): boolean {
    if (this.#unseen >= cost) {
      this.#unseen -= cost;
      this.#tokens -= cost;
      return true;
    }
    this.#look();
    if (this.#tokens <= 0) return false;
    this.#spend(cost);
    return true;
  }

  /** Milliseconds until there are so many tokens. */
  waitFor(needed: number): Milliseconds {
    this.#look();
    const missing = needed - this.#tokens;
    return missing <= 0 ? 0 : Math.ceil(missing / this.#perMillisecond);
  }

  #spend(cost: number): void {
    this.#tokens -= cost;
    this.#unseen = Math.max(0, Math.min(this.#mostUnseen, this.#tokens));
  }

  #look(): void {
    const now = this.#time.wallTime();
    const passed = now - this.#at;
    // A clock that goes back must not stop the refill until it is where it was.
    this.#at = now;
    if (passed <= 0 || this.#tokens >= this.#full) return;
    this.#tokens = Math.min(this.#full, this.#tokens + passed * this.#perMillisecond);
  }
}
