// What a server sends: one statement at a time, and all that waits in the next one; bounded. What is in a statement is the
// sender's.

import { clusterError } from "@sockeye/adapter/cluster";
import type { Query } from "./database.ts";

/** Writes messages to the database, in order. */
export interface Sender<M> {
  /** Makes what is missing in the database. */
  prepare(query: Query, aside?: Query): Promise<void>;
  /** Sends messages, at least one. Resolves when they are sent. */
  send(query: Query, batch: readonly M[]): Promise<void>;
  /** Bytes of a message. */
  size(message: M): number;
}

interface Waiting<M> {
  readonly message: M;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Most messages in one statement. */
const BATCH = 500;

/** Sends in order; bounded. */
export class Outgoing<M> {
  readonly #sender: Sender<M>;
  readonly #maxPendingBytes: number;
  #query: Query | null = null;
  #waiting: Waiting<M>[] = [];
  #pendingBytes = 0;
  #isSending = false;
  #onIdle: (() => void)[] = [];

  constructor(sender: Sender<M>, maxPendingBytes: number) {
    this.#sender = sender;
    this.#maxPendingBytes = maxPendingBytes;
  }

  start(query: Query): void {
    this.#query = query;
    void this.#work(query);
  }

  /** What waits is refused. */
  stop(): void {
    this.#query = null;
    for (const each of this.#waiting.splice(0)) each.reject(clusterError("ERR_BUS_DOWN"));
  }

  /** Resolves when nothing waits any more. */
  idle(): Promise<void> {
    if (this.#query === null || !this.#isSending) return Promise.resolve();
    return new Promise((resolve) => this.#onIdle.push(resolve));
  }

  async add(message: M): Promise<void> {
    const limit = this.#maxPendingBytes;
    const bytes = this.#sender.size(message);
    const query = this.#query;
    if (query === null) throw clusterError("ERR_BUS_DOWN");
    if (this.#pendingBytes + bytes > limit) throw clusterError("ERR_BUS_FULL", limit);
    this.#pendingBytes += bytes;
    try {
      await new Promise<void>((resolve, reject) => {
        this.#waiting.push({ message, resolve, reject });
        void this.#work(query);
      });
    } finally {
      this.#pendingBytes -= bytes;
    }
  }

  async #work(query: Query): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    while (this.#query === query && this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, BATCH);
      try {
        const messages = batch.map(({ message }) => message);
        await this.#sender.send(query, messages);
        for (const each of batch) each.resolve();
      } catch (error) {
        for (const each of batch) each.reject(error);
      }
    }
    this.#isSending = false;
    // A new connection may have come while the old one failed.
    const current = this.#query;
    if (current !== null && this.#waiting.length > 0) void this.#work(current);
    else for (const done of this.#onIdle.splice(0)) done();
  }
}
