// Watches that the server's pings keep coming. Answering them is not its business.

import type { Cancel, Clock } from "../clock.ts";

/** The deadline by which the next ping must have come. */
export class Heartbeat {
  readonly #clock: Clock;
  readonly #onSilence: () => void;
  #patienceMs = 0;
  #aliveUntil = Number.POSITIVE_INFINITY;
  #cancel: Cancel | undefined;

  /** @param onSilence called when no ping came in time */
  constructor(clock: Clock, onSilence: () => void) {
    this.#clock = clock;
    this.#onSilence = onSilence;
  }

  /** A ping came, or the session began: the server has `patienceMs` from now; once given, the value stays. */
  beat(patienceMs: number = this.#patienceMs): void {
    this.stop();
    this.#patienceMs = patienceMs;
    this.#aliveUntil = this.#clock.now() + patienceMs;
    this.#cancel = this.#clock.after(patienceMs, this.#onSilence);
  }

  /** Whether the deadline has passed by the wall clock, whatever the timers say. */
  hasExpired(): boolean {
    return this.#clock.now() > this.#aliveUntil;
  }

  stop(): void {
    this.#cancel?.();
    this.#aliveUntil = Number.POSITIVE_INFINITY;
  }
}
