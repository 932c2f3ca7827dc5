// The limit of what waits for all clients of an engine together. One addition per send keeps an upper bound; only when that
// exceeds the limit are the connections asked, so that the cost of a walk is spread over the bytes that caused it.
//
//   bound ──▶ limit:      measured after this turn, when every socket had its chance to write
//         ──▶ 2 × limit:  measured at once: this turn writes more than the process can hold
//
// Over the limit the clients for which most waits are cut, until three quarters of it are left.

/** The part of a connection that is used. */
export interface Measured {
  /** Bytes accepted and not yet sent, wherever they are kept. */
  readonly bufferedBytes: number;
  /** `actual` bytes wait for all clients, of which `limit` may; this one is cut after the turn. */
  onOverTotal(actual: number, limit: number): void;
}

/** The services of an engine that are used. */
export interface TotalLimitContext {
  /** The open connections. */
  readonly connections: ReadonlyMap<string, Measured>;
  afterTurn(callback: () => void): void;
  onFault(error: unknown): void;
}

const IN_A_TURN = 2;
/** What is left when clients were cut, as a share of the limit. */
const LEFT = 3 / 4;
/** How much more must be sent until the connections are asked again, as a share of the limit. */
const STEP = 1 / 8;
/** Above this share of the limit senders are read more slowly. */
const PRESSURE = 1 / 2;
/** When more waits for a client, what is sent to it piles up. */
const PILE = 65_536;

const SHARE_OF_HEAP = 1 / 4;
const USUAL = 2 ** 28;

/** The limit that was given; 0 for the default, which depends on the heap of the process. */
export function totalLimitOf(
  given: number,
  host: { readonly heapLimit?: number | undefined },
): number {
  if (given > 0) return given;
  return host.heapLimit === undefined ? USUAL : host.heapLimit * SHARE_OF_HEAP;
}

/** The limit of what waits for all clients of an engine. */
export class TotalLimit {
  readonly limit: number;
  /** Whether more than half of the limit waited when it was last measured. */
  isPressed = false;
  /** Bytes that were accepted for slow clients under pressure, to see what a call has sent to such. */
  piled = 0;
  readonly #context: TotalLimitContext;
  /** At least what waits, as long as nothing has left. */
  #bound = 0;
  #threshold: number;
  /** What is kept, until this turn is over, for connections that are about to be cut. */
  #condemned = 0;
  #isScheduled = false;

  constructor(limit: number, context: TotalLimitContext) {
    this.limit = limit;
    this.#threshold = limit * PRESSURE;
    this.#context = context;
  }

  /**
   * Counts bytes that were accepted for a client.
   * @param waiting what waits for the client now, as far as it is known without asking
   */
  add(bytes: number, waiting: number): void {
    this.#bound += bytes;
    if (this.isPressed && waiting > PILE) this.piled += bytes;
    if (this.#bound > this.#threshold) this.#onThreshold();
  }

  /** Measures anew, for a caller that waits for the pressure to end. */
  measure(): void {
    this.#relieve(this.limit, this.limit * PRESSURE);
  }

  #onThreshold(): void {
    const most = this.limit * IN_A_TURN;
    if (this.#isScheduled) this.#relieve(most, most);
    else {
      this.#isScheduled = true;
      this.#threshold = most;
      this.#context.afterTurn(() => this.#endTurn());
    }
  }

  #endTurn(): void {
    this.#isScheduled = false;
    this.#condemned = 0;
    this.measure();
  }

  #relieve(most: number, threshold: number): void {
    const waiting: Measured[] = [];
    let level = 0;
    for (const connection of this.#context.connections.values()) {
      const bytes = connection.bufferedBytes;
      if (bytes > 0) waiting.push(connection);
      level += bytes;
    }
    if (level + this.#condemned > most) level -= this.#cut(waiting, level);
    this.#bound = level;
    this.isPressed = level > this.limit * PRESSURE;
    this.#threshold = Math.max(threshold, level + this.limit * STEP);
  }

  /** Cuts the fattest; returns what waited for them. */
  #cut(waiting: Measured[], level: number): number {
    let freed = 0;
    waiting.sort((a, b) => b.bufferedBytes - a.bufferedBytes);
    for (const connection of waiting) {
      if (level - freed <= this.limit * LEFT) break;
      freed += connection.bufferedBytes;
      try {
        connection.onOverTotal(level, this.limit);
      } catch (error) {
        this.#context.onFault(error);
      }
    }
    this.#condemned += freed;
    return freed;
  }
}
