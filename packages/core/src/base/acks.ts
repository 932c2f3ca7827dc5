// Acknowledgements that one socket waits for: by number, each with an optional deadline.

import type { Listener } from "@sockeye/events";
import type { DeadlineQueue, Deadlines, Milliseconds, Timed } from "@sockeye/portable";
import { coreError } from "./errors.ts";

/** What to call when the answer comes, or does not. */
export interface Expectation {
  readonly callback: Listener;
  /** Milliseconds to wait; `callback` then takes an error first. Absent: wait for ever, no error argument. */
  readonly timeout?: number | undefined;
  /** Called instead of waiting when the socket disconnects; absent: forgotten silently. */
  readonly onDisconnect?: ((error: Error) => void) | undefined;
}

/** Runs a callback of the user's. */
export type Run = (callback: Listener, args: readonly unknown[]) => void;

class PendingAck implements Timed {
  dueAt = 0;
  queue: DeadlineQueue | null = null;
  earlier: Timed | null = null;
  later: Timed | null = null;
  readonly id: number;
  readonly expectation: Expectation;
  readonly #acks: Acks;

  constructor(id: number, expectation: Expectation, acks: Acks) {
    this.id = id;
    this.expectation = expectation;
    this.#acks = acks;
  }

  onDue(): void {
    this.#acks.onTimeout(this.id);
  }
}

/** The acknowledgements that are outstanding on one socket. */
export class Acks {
  readonly #pending = new Map<number, PendingAck>();
  readonly #deadlines: Deadlines;
  readonly #run: Run;
  readonly #onTimeout: ((timeout: Milliseconds) => void) | undefined;

  /** `onTimeout` is told of each acknowledgement that did not arrive in time, before its callback runs. */
  constructor(deadlines: Deadlines, run: Run, onTimeout?: (timeout: Milliseconds) => void) {
    this.#deadlines = deadlines;
    this.#run = run;
    this.#onTimeout = onTimeout;
  }

  expect(id: number, expectation: Expectation): void {
    const ack = new PendingAck(id, expectation, this);
    this.#pending.set(id, ack);
    if (expectation.timeout !== undefined) this.#deadlines.arm(ack, expectation.timeout);
  }

  /** Waits for ever, as adapters do on behalf of a broadcast. */
  set(id: number, callback: Listener): void {
    this.expect(id, { callback });
  }

  /** Waits no more; returns whether it did. */
  delete(id: number): boolean {
    return this.#take(id) !== undefined;
  }

  /** The answer came; an unknown number is ignored. */
  onAnswer(id: number, args: readonly unknown[]): void {
    const ack = this.#take(id);
    if (ack === undefined) return;
    const { callback, timeout } = ack.expectation;
    this.#run(callback, timeout === undefined ? args : [null, ...args]);
  }

  onTimeout(id: number): void {
    const ack = this.#take(id);
    if (ack === undefined) return;
    const { callback, timeout } = ack.expectation;
    this.#onTimeout?.(timeout ?? 0);
    this.#run(callback, [coreError("ERR_ACK_TIMEOUT")]);
  }

  /** The socket disconnected: whoever can be told of it is told. */
  rejectAll(): void {
    for (const id of [...this.#pending.keys()]) {
      const ack = this.#take(id);
      if (ack === undefined) continue;
      const { callback, timeout, onDisconnect } = ack.expectation;
      const error = coreError("ERR_DISCONNECTED");
      if (onDisconnect !== undefined) onDisconnect(error);
      else if (timeout !== undefined) this.#run(callback, [error]);
    }
  }

  #take(id: number): PendingAck | undefined {
    const ack = this.#pending.get(id);
    if (ack === undefined) return undefined;
    this.#pending.delete(id);
    this.#deadlines.disarm(ack);
    return ack;
  }
}
