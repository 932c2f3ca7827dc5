// Watches that the server's pings keep coming. Answering them is not its business.

import type { Cancel, Clock } from "../clock.ts";

/** The deadline by which the next ping must have come. */
export class Heartbeat {
  readonly #clock: Clock;
  /** When the server counts as gone, by the wall clock. */
  #until = Number.POSITIVE_INFINITY;
  #cancel: Cancel | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The server has shown itself, and has `patienceMs` to do so again. */
  expect(patienceMs: number, onSilence: () => void): void {
    this.stop();
    this.#until = this.#clock.now() + patienceMs;
    this.#cancel = this.#clock.after(patienceMs, onSilence);
  }

  /** Whether the deadline has passed by the wall clock, whatever the timers say. */
  hasExpired(): boolean {
    return this.#clock.now() > this.#until;
  }

  stop(): void {
    this.#cancel?.();
  }
}
