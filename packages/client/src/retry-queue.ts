// Events that are sent again until the server acknowledges them: first in, first out, one in flight at a time.

import type { AckCallback } from "./acks.ts";

/** One-shot settings of the next event. */
export interface EmitFlags {
  readonly compress?: boolean;
  readonly volatile?: boolean;
  readonly timeout?: number;
}

/** Sends one event; the callback takes an error in front. */
export type SendOnce = (args: unknown[], flags: EmitFlags, onAnswer: AckCallback) => void;

interface Entry {
  readonly args: readonly unknown[];
  readonly flags: EmitFlags;
  readonly ack: AckCallback | undefined;
  tries: number;
  isInFlight: boolean;
}

/** The events of one socket that are to arrive at least once. */
export class RetryQueue {
  readonly #retries: number;
  readonly #send: SendOnce;
  readonly #isReady: () => boolean;
  readonly #entries: Entry[] = [];

  /** @param isReady whether events can be sent now; without that, they stay in the queue */
  constructor(retries: number, send: SendOnce, isReady: () => boolean) {
    this.#retries = retries;
    this.#send = send;
    this.#isReady = isReady;
  }

  /** Takes an event and its acknowledgement, if it has one. */
  add(args: unknown[], flags: EmitFlags): void {
    const ack =
      typeof args[args.length - 1] === "function" ? (args.pop() as AckCallback) : undefined;
    this.#entries.push({ args, flags, ack, tries: 0, isInFlight: false });
    this.drain();
  }

  /** Sends the first event, unless it is in flight; `"again"` sends it even then, after a new connection. */
  drain(mode?: "again"): void {
    const entry = this.#entries[0];
    if (!entry || !this.#isReady() || (entry.isInFlight && mode !== "again")) return;
    entry.isInFlight = true;
    entry.tries++;
    this.#send([...entry.args], entry.flags, (error: Error | null, ...answer: unknown[]) => {
      // An answer to an earlier try may have settled it already.
      if (entry !== this.#entries[0]) return;
      entry.isInFlight = false;
      const isOver = error === null || entry.tries > this.#retries;
      if (isOver) {
        this.#entries.shift();
        entry.ack?.(error, ...answer);
      }
      this.drain();
    });
  }
}
