// Callbacks that wait until a connection has sent everything it accepted: one list for all connections of an engine,
// driven by the drains that transports report. No timer. Free for connections without such callbacks.

import type { Transport } from "./transports/transport.ts";

/** The part of a connection that is used. */
export interface Drainable {
  readonly isOpen: boolean;
  readonly queuedBytes: number;
  readonly transport: Transport | null;
}

/** The callbacks of all connections of an engine. */
export class DrainWaiters {
  readonly #afterTurn: (callback: () => void) => void;
  readonly #waiting = new Map<Drainable, (() => void)[]>();

  constructor(afterTurn: (callback: () => void) => void) {
    this.#afterTurn = afterTurn;
  }

  /** Calls back once `connection` has sent everything it accepted; never when it ends before. */
  add(connection: Drainable, callback: () => void): void {
    // Frames of this event-loop turn are not written before it ends.
    this.#afterTurn(() => {
      if (!connection.isOpen) return;
      const others = this.#waiting.get(connection);
      if (connection.queuedBytes === 0 && others === undefined) callback();
      else if (others !== undefined) others.push(callback);
      else {
        this.#waiting.set(connection, [callback]);
        connection.transport?.requestDrain();
      }
    });
  }

  /** The transport of `connection` has reported a drain, or is another one now. */
  check(connection: Drainable): void {
    if (this.#waiting.size === 0) return;
    const callbacks = this.#waiting.get(connection);
    if (callbacks === undefined) return;
    if (connection.queuedBytes > 0) {
      connection.transport?.requestDrain();
      return;
    }
    this.#waiting.delete(connection);
    for (const callback of callbacks) callback();
  }

  /** The connection has ended. */
  forget(connection: Drainable): void {
    if (this.#waiting.size > 0) this.#waiting.delete(connection);
  }
}
