// The pending acknowledgements of one socket, by packet id, each with an optional timeout.

import type { Listener } from "@sockeye/events";
import type { DeadlineQueue, Deadlines, Milliseconds, Timed } from "@sockeye/portable";
import { coreError } from "./errors.ts";

/** The callbacks of a pending acknowledgement. */
export interface Expectation {
  readonly callback: Listener;
  /** Milliseconds to wait; `callback` then takes an error first. Absent: waits for ever, without an error argument. */
  readonly timeout?: number | undefined;
  /** Called instead of waiting when the socket disconnects; absent: discarded silently. */
  readonly onDisconnect?: ((error: Error) => void) | undefined;
}

/** Runs a callback of the application. */
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

/** The pending acknowledgements of one socket. */
export class Acks {
  readonly #pending = new Map<number, PendingAck>();
  readonly #deadlines: Deadlines;
  readonly #run: Run;
  readonly #onTimeout: ((timeout: Milliseconds) => void) | undefined;

  /** `onTimeout` is called for each acknowledgement that did not arrive in time, before its callback. */
  constructor(deadlines: Deadlines, run: Run, onTimeout?: (timeout: Milliseconds) => void) {
    this.#deadlines = deadlines;
    this.#run = run;
    this.#onTimeout = onTimeout;
  }

  /** Whether any callback waits. */
  get isWaiting(): boolean {
    return this.#pending.size > 0;
  }

  /** How many callbacks wait. */
  get size(): number {
    return this.#pending.size;
  }

  expect(id: number, expectation: Expectation): void {
    const ack = new PendingAck(id, expectation, this);
    this.#pending.set(id, ack);
    if (expectation.timeout !== undefined) this.#deadlines.arm(ack, expectation.timeout);
  }

  /** Registers without a timeout; adapters use it for broadcasts. */
  set(id: number, callback: Listener): void {
    this.expect(id, { callback });
  }

  /** Removes a pending acknowledgement; returns whether there was one. */
  delete(id: number): boolean {
    return this.#take(id) !== undefined;
  }

  /** Handles an answer; an unknown id is ignored. */
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

  /** The socket disconnected: callbacks that accept an error receive it, the others are discarded. */
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
