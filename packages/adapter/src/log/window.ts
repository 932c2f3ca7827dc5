// The messages of the log that this node has read last, in memory, so that clients that come back after a short time cost
// no reading of the log.

import type { Message } from "../cluster/intents.ts";
import type { LogPoint } from "../cluster/log.ts";
import { Fifo } from "../recovery/fifo.ts";

/** A message that was read. */
export interface ReadMessage {
  readonly offset: number;
  readonly message: Message;
}

interface Kept extends ReadMessage {
  readonly size: number;
}

// What an entry takes beside its message.
const ENTRY = 400;

/** Recent messages, without holes. */
export class Window {
  readonly #kept = new Fifo<Kept>();
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get size(): number {
    return this.#kept.size;
  }

  /** What the messages take, as `maxReplayBytes` counts it. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Adds the next message; `length` is that of its bytes. */
  add(offset: number, message: Message, length: number): void {
    const size = 3 * length + ENTRY;
    this.#kept.push({ offset, message, size });
    this.#bytes += size;
    while (this.#bytes > this.#maxBytes) this.#bytes -= this.#kept.shift()?.size ?? this.#bytes;
  }

  clear(): void {
    this.#kept.clear();
    this.#bytes = 0;
  }

  /** Whether all messages after an offset are here. `last`: the last one that was read. */
  reachesBackTo(offset: number, { offset: last }: LogPoint): boolean {
    return offset >= (this.#kept.at(0)?.offset ?? last + 1) - 1;
  }

  /** The messages after an offset, up to another one. */
  *between(after: number, until: number): Generator<ReadMessage> {
    const first = this.#kept.at(0)?.offset ?? 0;
    for (let at = Math.max(0, after + 1 - first); ; at++) {
      const kept = this.#kept.at(at);
      if (kept === undefined || kept.offset > until) return;
      yield kept;
    }
  }
}
