// Connections that are read more slowly, because what they send makes too much wait for others: their network connections are
// not read for a moment, so that their operating system stops the sender. One timer for all connections of an engine.

import type { Clock, Milliseconds } from "@sockeye/portable";
import type { TotalLimit } from "./total-limit.ts";

/** Short enough that a sender that is no flood is not late by more than anybody notices. */
const PAUSE: Milliseconds = 25;

/** The part of a connection that is used. */
export interface Readable {
  /** Stops and continues reading from the client, where the transport can. */
  setReading(isReading: boolean): void;
}

/** The paused connections of an engine. */
export class SlowReaders {
  readonly #clock: Clock;
  readonly #total: TotalLimit;
  readonly #onFault: (error: unknown) => void;
  #paused = new Set<Readable>();

  constructor(clock: Clock, total: TotalLimit, onFault: (error: unknown) => void) {
    this.#clock = clock;
    this.#total = total;
    this.#onFault = onFault;
  }

  /** Stops reading from `connection` for a moment. */
  pause(connection: Readable): void {
    if (this.#paused.has(connection)) return;
    if (this.#paused.size === 0) this.#clock.after(PAUSE, () => this.#resume());
    this.#paused.add(connection);
    connection.setReading(false);
  }

  #resume(): void {
    const paused = this.#paused;
    this.#paused = new Set();
    this.#total.measure();
    for (const connection of paused) {
      try {
        connection.setReading(true);
      } catch (error) {
        this.#onFault(error);
      }
    }
  }
}
