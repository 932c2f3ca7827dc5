// The order of actions around walks over sockets. While a broadcast is delivered, code of the application may run (a
// catch-all listener, a failing transport): its closings and broadcasts are deferred until the walk is over, so that
// every receiver gets the same events in the same order and walks never nest.

import type { BroadcastCounts } from "./diagnostics.ts";

/** The current walk, and the actions deferred until its end. */
export class Walks {
  #depth = 0;
  #isDraining = false;
  #waiting: (() => void)[] = [];
  /** The counts of the current broadcast, when they are requested. */
  counts: BroadcastCounts | null = null;
  readonly #failed: (error: unknown) => void;

  /** `failed` receives the error of a deferred action; the others still run. */
  constructor(failed: (error: unknown) => void) {
    this.#failed = failed;
  }

  /** Whether a walk is in progress. */
  get isGoingOn(): boolean {
    return this.#depth > 0;
  }

  /** Begins a walk; every call needs its `end`, in a `finally`. */
  begin(): void {
    this.#depth += 1;
  }

  /** Ends a walk. After the outermost one the deferred actions run in order; actions they add join the same queue. */
  end(): void {
    this.#depth -= 1;
    if (this.#depth === 0 && !this.#isDraining && this.#waiting.length > 0) this.#drain();
  }

  /** Returns a function that runs a delivery later as part of the current broadcast: its outcome is counted with it. */
  later(): (call: () => void) => void {
    const { counts } = this;
    return (call) => {
      const outer = this.counts;
      this.counts = counts;
      try {
        call();
      } finally {
        this.counts = outer;
      }
    };
  }

  /** Runs an action now, or after the current walk. */
  after(action: () => void): void {
    if (this.#depth === 0) action();
    else this.#waiting.push(action);
  }

  /** A loop rather than a nested call for each action: one broadcast may disconnect thousands of clients. */
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
