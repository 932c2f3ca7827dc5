// A node that has just begun knows no other one. It waits until as many have said that they are there as the broker
// counts, or for a short time where it does not count.

import type { Clock, Milliseconds } from "@sockeye/portable";

const COUNTED: Milliseconds = 1000;
const UNCOUNTED: Milliseconds = 200;

/** The wait for the other nodes. */
export class Settling {
  /** Resolves when the other nodes are known. */
  readonly done: Promise<void>;
  #resolve: () => void = () => {};
  #isDone = false;
  #expected = Infinity;
  #known = 1;
  #cancel: () => void = () => {};

  constructor() {
    this.done = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  get isDone(): boolean {
    return this.#isDone;
  }

  /** Begins to wait; `count` asks the broker for the number of nodes. */
  start(clock: Clock, count: (() => Promise<number>) | undefined): void {
    const limit = count === undefined ? UNCOUNTED : COUNTED;
    this.#cancel = clock.after(limit, () => this.end());
    count?.().then(
      (expected) => {
        this.#expected = expected;
        this.onKnown(this.#known);
      },
      // The time decides.
      () => {},
    );
  }

  /** So many nodes are known now, this one included. */
  onKnown(nodes: number): void {
    this.#known = nodes;
    if (nodes >= this.#expected) this.end();
  }

  /** Ends the wait. */
  end(): void {
    this.#isDone = true;
    this.#cancel();
    this.#resolve();
  }
}
