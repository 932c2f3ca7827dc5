// How long closing connections wait for their peers to fetch the end, once nothing else is queued. Most connections
// never wait, so that this is kept beside them and not in them.

import { type Deadlines, type Milliseconds, Waiting } from "@sockeye/portable";

/** What may linger. */
export interface Lingering {
  onLingerOver(): void;
}

class LingerDeadline extends Waiting {
  readonly #connection: Lingering;

  constructor(connection: Lingering) {
    super();
    this.#connection = connection;
  }

  onDue(): void {
    this.#connection.onLingerOver();
  }
}

/** The closing connections of an engine that wait for their peers. */
export class Lingers {
  readonly #deadlines: Deadlines;
  readonly #duration: Milliseconds;
  readonly #waiting = new Map<Lingering, LingerDeadline>();

  constructor(deadlines: Deadlines, duration: Milliseconds) {
    this.#deadlines = deadlines;
    this.#duration = duration;
  }

  /** Waits from now, unless it waits already. */
  begin(connection: Lingering): void {
    if (this.#waiting.has(connection)) return;
    const deadline = new LingerDeadline(connection);
    this.#waiting.set(connection, deadline);
    this.#deadlines.arm(deadline, this.#duration);
  }

  /** The connection has ended, or waits no more. */
  forget(connection: Lingering): void {
    const deadline = this.#waiting.get(connection);
    if (deadline === undefined) return;
    this.#waiting.delete(connection);
    this.#deadlines.disarm(deadline);
  }
}
