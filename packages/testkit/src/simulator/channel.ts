// One direction of a connection: what is sent arrives in order, later, or never.

import type { Milliseconds } from "@sockeye/portable";
import type { Timeline } from "./timeline.ts";

/** One direction. */
export class Channel {
  /** Nothing arrives, and nothing shows it. */
  isSilent = false;
  /** So much later things arrive, for a time. */
  extraDelay: Milliseconds = 0;
  readonly #timeline: Timeline;
  readonly #delay: () => Milliseconds;
  #lastAt: Milliseconds = 0;
  /** Counts connections: what was under way on an earlier one is lost. */
  #epoch = 0;
  #underWay = 0;

  /** `delay`: how long the next thing takes. */
  constructor(timeline: Timeline, delay: () => Milliseconds) {
    this.#timeline = timeline;
    this.#delay = delay;
  }

  /** How many things are under way. */
  get underWay(): number {
    return this.#underWay;
  }

  send(arrive: () => void): void {
    if (this.isSilent) return;
    const epoch = this.#epoch;
    const { now } = this.#timeline;
    const at = Math.max(this.#lastAt, now + this.#delay() + this.extraDelay);
    this.#lastAt = at;
    this.#underWay += 1;
    this.#timeline.after(at - now, () => {
      if (epoch !== this.#epoch) return;
      this.#underWay -= 1;
      arrive();
    });
  }

  /** What is under way is lost. */
  reset(): void {
    this.#epoch += 1;
    this.#underWay = 0;
    this.#lastAt = 0;
  }
}
