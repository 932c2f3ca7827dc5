// Notifications in their order: while a long message is fetched from the table, those behind it wait.

/** A notification that was read. */
export interface Arrival<M> {
  /** What it is counted as while it waits. */
  readonly bytes: number;
  /** `null` when it is in the table. */
  readonly message: M | null;
  /** Resolves with a message in the table; with `null` when it is gone. */
  fetch(): Promise<M | null>;
}

/** What the head of a waiting notification is counted as. */
const HEAD_BYTES = 100;

/** The notifications of one connection. */
export class Arrivals<M> {
  readonly #deliver: (message: M) => void;
  readonly #maxPendingBytes: number;
  #waiting: Arrival<M>[] = [];
  #waitingBytes = 0;
  #isFetching = false;

  constructor(maxPendingBytes: number, deliver: (message: M) => void) {
    this.#maxPendingBytes = maxPendingBytes;
    this.#deliver = deliver;
  }

  add(arrival: Arrival<M>): void {
    if (!this.#isFetching && arrival.message !== null) {
      this.#deliver(arrival.message);
      return;
    }
    // Memory is bounded: what is dropped is a gap in the numbers of its node, which is noticed above.
    const bytes = HEAD_BYTES + arrival.bytes;
    if (this.#waitingBytes + bytes > this.#maxPendingBytes) return;
    this.#waitingBytes += bytes;
    this.#waiting.push(arrival);
    if (!this.#isFetching) void this.#work();
  }

  async #work(): Promise<void> {
    this.#isFetching = true;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      this.#waitingBytes -= HEAD_BYTES + next.bytes;
      // What cannot be fetched is a gap, which is noticed above.
      const message = next.message ?? (await next.fetch().catch(() => null));
      if (message !== null) this.#deliver(message);
    }
    this.#isFetching = false;
  }
}
