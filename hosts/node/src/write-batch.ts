// Collects the output of all sockets during one event-loop turn, and writes each socket once. A single message is not
// delayed: the turn ends before the next wait for the network.

import { surface } from "./engine/engine-hooks.ts";

/** A socket with collected output. */
export interface Flushable {
  flush(): void;
}

/** The sockets with output in this turn. */
export class WriteBatch {
  #dirty: Flushable[] = [];
  readonly #onTurnEnd = (): void => this.flush();

  /** Flushes `flushable` at the end of this turn. */
  add(flushable: Flushable): void {
    if (this.#dirty.length === 0) setImmediate(this.#onTurnEnd);
    this.#dirty.push(flushable);
  }

  /** Flushes now. The failure of a socket does not prevent the others from being written. */
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
