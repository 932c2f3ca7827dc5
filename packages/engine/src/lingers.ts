// The deadlines of closing connections whose clients have to fetch the end of the session. Most connections never need
// one, so that they are stored here and not in the connections.

import { type Deadlines, type Milliseconds, Waiting } from "@sockeye/portable";

/** A connection that may linger. */
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

/** The closing connections of an engine that wait for their clients. */
export class Lingers {
  readonly #deadlines: Deadlines;
  readonly #duration: Milliseconds;
  readonly #waiting = new Map<Lingering, LingerDeadline>();

  constructor(deadlines: Deadlines, duration: Milliseconds) {
    this.#deadlines = deadlines;
    this.#duration = duration;
  }

  /** Starts the deadline, unless it runs already. */
  begin(connection: Lingering): void {
    if (this.#waiting.has(connection)) return;
    const deadline = new LingerDeadline(connection);
    this.#waiting.set(connection, deadline);
    this.#deadlines.arm(deadline, this.#duration);
  }

  /** Stops the deadline: the connection has ended, or need not wait. */
  forget(connection: Lingering): void {
    if (this.#waiting.size === 0) return;
    const deadline = this.#waiting.get(connection);
    if (deadline === undefined) return;
    this.#waiting.delete(connection);
    this.#deadlines.disarm(deadline);
  }
}
