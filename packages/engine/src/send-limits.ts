// Judges connections that hold more than `maxSendBufferSize` for their peers. What one turn of the event loop writes is
// no sign of a slow peer, because nothing can leave before the turn is over; what is left of it, and grows, is one.
//
//   level                         ┌ burst: accepted, whatever one turn writes
//     │            ┌──────────────┤
//     │            │              └ draining: accepted below the ceiling, which is what was left of the burst
//   ──┼── limit ───┤                and an eighth of the limit; above it the peer is cut
//
// Decides, and keeps nothing but the connections that are over the limit. Nothing is cut in here: what overflows is cut
// after the turn, so that no walk over connections is interrupted by the end of one of them.

/** What may overflow. */
export interface Limited {
  readonly queuedBytes: number;
  /** The turn is over: what overflowed is cut now. */
  onCutDue(): void;
}

/** What is decided about a send that went over the limit. */
export type LimitVerdict = "accept" | "overflow";

// In one turn a connection may hold so many times the limit, and always as much as this.
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
  /** The ceiling of each connection that is, or was lately, over the limit. */
  readonly #ceilings = new Map<Limited, number>();
  /** Those whose burst ends with this turn. */
  #bursts: Limited[] = [];
  /** Those to be cut after this turn. */
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

  /** Judges a send of `size` after which `connection` holds more than the limit. */
  judge(connection: Limited, size: number): LimitVerdict {
    const level = connection.queuedBytes;
    if (level > this.#hardLimit) return "overflow";
    const ceiling = this.#ceilings.get(connection);
    if (ceiling === BURST) return "accept";
    // What was below the limit before this send is not behind: this is the first of a burst.
    if (ceiling !== undefined && level - size > this.limit) {
      return level > ceiling ? "overflow" : "accept";
    }
    this.#ceilings.set(connection, BURST);
    this.#bursts.push(connection);
    this.#schedule();
    return "accept";
  }

  /** Cuts `connection` after this turn. */
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

  /** Connections end one after the other; those that overflow because of it are cut after the next turn. */
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
