// The body of a request on a runtime that hands out its chunks whether somebody reads them yet or not.

import type { BodyReader } from "../body-reader.ts";

/** A body whose chunks are kept until somebody reads it: one chunk more than the limit, which shows that it is too large. */
export class PushedBody<B extends Uint8Array> {
  readonly #limit: number;
  #reader: BodyReader<B> | null = null;
  #early: B[] = [];
  #earlyBytes = 0;
  #isComplete = false;

  /** `limit`: the largest body in bytes. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Whether its last chunk has come. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** Whether its chunks are of use to anybody once the request is answered. */
  get isRead(): boolean {
    return this.#reader?.isOver === false;
  }

  /** A chunk has come, which may be kept. */
  push(chunk: B, isLast: boolean): void {
    this.#isComplete = isLast;
    const reader = this.#reader;
    if (reader === null) {
      if (this.#earlyBytes <= this.#limit) this.#early.push(chunk);
      this.#earlyBytes += chunk.length;
      return;
    }
    reader.add(chunk);
    if (isLast) reader.end();
  }

  /** Somebody reads it from now on. */
  readBy(reader: BodyReader<B>): void {
    this.#reader = reader;
    for (const chunk of this.#early) reader.add(chunk);
    this.#early = [];
    if (this.#isComplete) reader.end();
  }

  /** The client has disconnected. */
  abort(): void {
    this.#reader?.abort();
  }
}
