// Compacts the first requests of connections that have lasted a second. Most connections of a storm (clients that
// reconnect again and again, health checks) end before, and do not pay for it.

import type { Clock, Milliseconds } from "@sockeye/portable";

/** The part of a connection that is used. */
export interface Compactable {
  readonly isOpen: boolean;
  readonly request: { compact?(): void };
}

const DELAY: Milliseconds = 1000;
/** So many are compacted in one event-loop turn; the others follow after a pause. */
const MOST_AT_ONCE = 500;
const PAUSE: Milliseconds = 20;

/** The connections whose requests are still to be compacted. */
export class Compaction {
  readonly #clock: Clock | undefined;
  #waiting: Compactable[] = [];

  /** `clock` has timers that do not keep the process alive. Without one, requests are compacted at once. */
  constructor(clock: Clock | undefined) {
    this.#clock = clock;
  }

  /** Compacts the request of this connection later, if it is still open then. */
  add(connection: Compactable): void {
    const clock = this.#clock;
    if (clock === undefined) connection.request.compact?.();
    else if (this.#waiting.push(connection) === 1) clock.after(DELAY, () => this.#run(clock));
  }

  #run(clock: Clock): void {
    const due = this.#waiting.slice(0, MOST_AT_ONCE);
    this.#waiting = this.#waiting.slice(MOST_AT_ONCE);
    for (const { isOpen, request } of due) if (isOpen) request.compact?.();
    if (this.#waiting.length > 0) clock.after(PAUSE, () => this.#run(clock));
  }
}
