// Connections that are read more slowly, because what they send makes too much wait for others: their network connections are
// not read for a moment, so that their operating system stops the sender. One timer for all connections of an engine.

import type { Clock, Milliseconds } from "@sockeye/portable";
import type { TotalLimit } from "./total-limit.ts";
import type { Transport } from "./transports/transport.ts";

/** Short enough that a sender that does not flood is not noticeably late. */
const PAUSE: Milliseconds = 25;

/**
 * The paused transports of an engine. Transports and not connections: one whose connection has ended meanwhile must still hear
 * the client's answer to its close.
 */
export class SlowReaders {
  readonly #clock: Clock;
  readonly #total: TotalLimit;
  readonly #onFault: (error: unknown) => void;
  #paused = new Set<Transport>();

  constructor(clock: Clock, total: TotalLimit, onFault: (error: unknown) => void) {
    this.#clock = clock;
    this.#total = total;
    this.#onFault = onFault;
  }

  /** Stops reading from a transport for a moment, where it can do that. */
  pause(transport: Transport | null): void {
    if (transport?.setReading === undefined || this.#paused.has(transport)) return;
    if (this.#paused.size === 0) this.#clock.after(PAUSE, () => this.#resume());
    this.#paused.add(transport);
    transport.setReading(false);
  }

  #resume(): void {
    const paused = this.#paused;
    this.#paused = new Set();
    this.#total.measure();
    for (const transport of paused) {
      try {
        transport.setReading?.(true);
      } catch (error) {
        this.#onFault(error);
      }
    }
  }
}
