// Notifications in their order: while a long message is fetched from the table, those behind it wait.

import type { Query } from "./database.ts";
import { type Notification, readNotification } from "./notification.ts";
import type { PostgresOptions } from "./options.ts";

/** What arrivals need. */
export interface ArrivalsSetUp {
  readonly node: string;
  readonly settings: PostgresOptions;
  readonly deliver: (message: Uint8Array) => void;
}

/** What the head of a waiting notification is counted as. */
const HEAD_BYTES = 100;

/** The notifications of one connection. */
export class Arrivals {
  readonly #query: Query;
  readonly #setUp: ArrivalsSetUp;
  #waiting: Notification[] = [];
  #waitingBytes = 0;
  #isFetching = false;

  constructor(query: Query, setUp: ArrivalsSetUp) {
    this.#query = query;
    this.#setUp = setUp;
  }

  add(text: string): void {
    const read = readNotification(text);
    if (read === null || (read.node === this.#setUp.node && !read.isEchoed)) return;
    if (!this.#isFetching && read.message !== null) {
      this.#setUp.deliver(read.message);
      return;
    }
    // Memory is bounded: what is dropped is a gap in the numbers of its node, which is noticed above.
    const bytes = HEAD_BYTES + (read.message?.byteLength ?? 0);
    if (this.#waitingBytes + bytes > this.#setUp.settings.maxPendingBytes) return;
    this.#waitingBytes += bytes;
    this.#waiting.push(read);
    if (!this.#isFetching) void this.#work();
  }

  async #work(): Promise<void> {
    this.#isFetching = true;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      this.#waitingBytes -= HEAD_BYTES + (next.message?.byteLength ?? 0);
      const message = next.message ?? (await this.#fetch(next));
      if (message !== null) this.#setUp.deliver(message);
    }
    this.#isFetching = false;
  }

  /** `null` when it is gone, or the connection is: a gap, which is noticed above. */
  async #fetch({ node, number }: Notification): Promise<Uint8Array | null> {
    try {
      const [row] = await this.#query(
        `SELECT payload FROM "${this.#setUp.settings.tableName}" WHERE id = $1`,
        [`${node}:${number}`],
      );
      return (row?.payload as Uint8Array | undefined) ?? null;
    } catch {
      return null;
    }
  }
}
