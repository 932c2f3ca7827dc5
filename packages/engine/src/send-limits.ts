// Decides about connections whose write buffer exceeds `maxSendBufferSize`. The output of one event-loop turn is no
// sign of a slow client, because nothing is sent before the turn is over; a remainder that grows is one.
//
//   level                         ┌ burst: accepted, however much one turn writes
//     │            ┌──────────────┤
//     │            │              └ draining: accepted below the ceiling, which is what was left of the burst
//   ──┼── limit ───┤                and an eighth of the limit; above it the client is cut
//
// Keeps only the connections above the limit. A connection that overflows is terminated after the event-loop turn, so
// that no walk over connections is interrupted by the end of one of them.

/** The part of a connection that is used. */
export interface Limited {
  readonly queuedBytes: number;
  /** Called after the event-loop turn of an overflow, to terminate the connection. */
  onCutDue(): void;
}

/** The decision about a send that exceeds the limit. */
export type LimitVerdict = "accept" | "overflow";

// The write buffer may hold this many times the limit within one event-loop turn, and always at least this many bytes.
const MOST_IN_A_TURN = 4;
const LEAST_IN_A_TURN = 2 ** 28;
const SLACK = 1 / 8;
/** The ceiling of a connection whose burst is not over. */
const BURST = Infinity;

/** The send limit of all connections of an engine. */
export class SendLimits {
  readonly limit: number;
  readonly #hardLimit: number;
  readonly #afterTurn: (callback: () => void) => void;
  readonly #onFault: (error: unknown) => void;
  /** The ceiling of each connection that is, or was recently, above the limit. */
  readonly #ceilings = new Map<Limited, number>();
  /** Connections whose burst ends with this turn. */
  #bursts: Limited[] = [];
  /** Connections to terminate after this turn. */
  #overflown: Limited[] = [];
  #isScheduled = false;

  constructor(
    limit: number,
    afterTurn: (callback: () => void) => void,
    onFault: (error: unknown) => void,
  ) {
    this.limit = limit;
    this.#hardLimit = Math.max(limit * MOST_IN_A_TURN, LEAST_IN_A_TURN);
    this.#afterTurn = afterTurn;
    this.#onFault = onFault;
  }

  /** Decides about a send of `size` after which `connection` exceeds the limit. */
  judge(connection: Limited, size: number): LimitVerdict {
    const level = connection.queuedBytes;
    if (level > this.#hardLimit) return "overflow";
    const ceiling = this.#ceilings.get(connection);
    if (ceiling === BURST) return "accept";
    // The buffer was below the limit before this send: a burst begins.
    if (ceiling !== undefined && level - size > this.limit) {
      return level > ceiling ? "overflow" : "accept";
    }
    this.#ceilings.set(connection, BURST);
    this.#bursts.push(connection);
    this.#schedule();
    return "accept";
  }

  /** Terminates `connection` after this turn. */
  cutLater(connection: Limited): void {
    this.#overflown.push(connection);
    this.#schedule();
  }

  /** The connection has ended. */
  forget(connection: Limited): void {
    if (this.#ceilings.size > 0) this.#ceilings.delete(connection);
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#afterTurn(() => this.#endTurn());
  }

  /** Terminates the connections in order; those that overflow meanwhile are terminated after the next turn. */
  #endTurn(): void {
    this.#isScheduled = false;
    const bursts = this.#bursts;
    const overflown = this.#overflown;
    this.#bursts = [];
    this.#overflown = [];
    for (const connection of bursts) this.#endBurst(connection);
    for (const connection of overflown) {
      try {
        connection.onCutDue();
      } catch (error) {
        this.#onFault(error);
      }
    }
  }

  #endBurst(connection: Limited): void {
    // It may have ended meanwhile.
    if (!this.#ceilings.has(connection)) return;
    const level = connection.queuedBytes;
    if (level <= this.limit) this.#ceilings.delete(connection);
    else this.#ceilings.set(connection, level + this.limit * SLACK);
  }
}
