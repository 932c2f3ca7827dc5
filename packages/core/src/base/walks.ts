// Order around walks over sockets. While a broadcast is handed to its receivers, code of the application may run (a
// catch-all listener, a transport that fails): what it closes, or sends to many, waits until the walk is over, so that
// every receiver hears the same events in the same order and a walk never nests.

import type { BroadcastCounts } from "./diagnostics.ts";

/** Knows whether a walk is going on, and what waits for its end. */
export class Walks {
  #depth = 0;
  #isDraining = false;
  #waiting: (() => void)[] = [];
  /** What becomes of the broadcast whose walk is going on, when it is counted. */
  counts: BroadcastCounts | null = null;
  readonly #failed: (error: unknown) => void;

  /** `failed` is given what a waiting action threw; the others still run. */
  constructor(failed: (error: unknown) => void) {
    this.#failed = failed;
  }

  /** Whether a walk is going on. */
  get isGoingOn(): boolean {
    return this.#depth > 0;
  }

  /** Begins a walk; every call needs its `end`, in a `finally`. */
  begin(): void {
    this.#depth += 1;
  }

  /** Ends a walk. After the outermost one the waiting actions run in order; what they add waits in the same queue. */
  end(): void {
    this.#depth -= 1;
    if (this.#depth === 0 && !this.#isDraining && this.#waiting.length > 0) this.#drain();
  }

  /** Does something now, or after the walk that is going on. */
  after(action: () => void): void {
    if (this.#depth === 0) action();
    else this.#waiting.push(action);
  }

  /** A loop rather than a nested call for each action: thousands of clients may be cut by one broadcast. */
  #drain(): void {
    this.#isDraining = true;
    try {
      while (this.#waiting.length > 0) {
        const actions = this.#waiting;
        this.#waiting = [];
        for (const action of actions) this.#run(action);
      }
    } finally {
      this.#isDraining = false;
    }
  }

  #run(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#failed(error);
    }
  }
}
