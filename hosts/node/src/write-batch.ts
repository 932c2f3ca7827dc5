// Collects what is written to all sockets during one turn of the event loop, and writes each socket once.
// A lone message is not delayed: the turn's end comes before the next wait for the network.

import { surface } from "./engine/engine-hooks.ts";

/** Something that has collected bytes. */
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

  /** Flushes now. A socket that fails keeps none of the others from being written. */
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
