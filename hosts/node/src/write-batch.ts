// Collects the writes to all sockets during one event-loop turn, and writes to each socket once.
// A lone message is not delayed: the turn ends before the event loop waits for the network again.

import { surface } from "./engine/engine-hooks.ts";

/** A socket with collected bytes. */
export interface Flushable {
  flush(): void;
}

/** The sockets that have something to write in this turn. */
export class WriteBatch {
  #dirty: Flushable[] = [];
  readonly #onTurnEnd = (): void => this.flush();

  /** Flushes `flushable` at the end of this turn. */
  add(flushable: Flushable): void {
    if (this.#dirty.length === 0) setImmediate(this.#onTurnEnd);
    this.#dirty.push(flushable);
  }

  /** Flushes now. An error of one socket surfaces and does not keep the others from being flushed. */
  flush(): void {
    const dirty = this.#dirty;
    this.#dirty = [];
    for (let at = 0; at < dirty.length; at++) {
      try {
        dirty[at]?.flush();
      } catch (error) {
        surface(error);
      }
    }
  }
}
