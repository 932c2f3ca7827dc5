// Collects what is to be written at the end of this event-loop turn, and writes each socket once. A single message is not
// delayed: the turn ends before the next wait for the network.

import type { Flushable } from "@sockeye/engine";

/** What has collected output in this turn. */
export class TurnBatch {
  #dirty: Flushable[] = [];
  readonly #schedule: (callback: () => void) => void;
  readonly #surface: (error: unknown) => void;
  readonly #onTurnEnd = (): void => this.flush();

  /** `schedule` calls back at the end of the turn; `surface` receives what a flush throws. */
  constructor(schedule: (callback: () => void) => void, surface: (error: unknown) => void) {
    this.#schedule = schedule;
    this.#surface = surface;
  }

  /** Flushes `flushable` at the end of this turn. */
  add(flushable: Flushable): void {
    if (this.#dirty.length === 0) this.#schedule(this.#onTurnEnd);
    this.#dirty.push(flushable);
  }

  /** Flushes now. The failure of one does not prevent the others from being written. */
  flush(): void {
    const dirty = this.#dirty;
    this.#dirty = [];
    for (let at = 0; at < dirty.length; at++) {
      try {
        dirty[at]?.flush();
      } catch (error) {
        this.#surface(error);
      }
    }
  }
}
