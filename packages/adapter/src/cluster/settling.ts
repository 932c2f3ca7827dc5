// A node that has just begun knows no other one. It waits until as many have said that they are there as the broker
// counts, or for a short time where it does not count. Requests wait for that, and a server is not ready before.

import type { Clock, Milliseconds } from "@sockeye/portable";

const COUNTED: Milliseconds = 1000;
const UNCOUNTED: Milliseconds = 200;

/** The wait for the other nodes. */
export class Settling {
  #done: Promise<void>;
  #resolve: () => void = () => {};
  #isDone = false;
  #isReady = false;
  #hasBegun = false;
  #expected = Infinity;
  #known = 1;
  #cancel: () => void = () => {};
  #cancelPatience: () => void = () => {};

  constructor() {
    this.#done = this.#renewed();
  }

  /** Resolves when the other nodes are known. */
  get done(): Promise<void> {
    return this.#done;
  }

  /** Whether they are known, or are not waited for. */
  get isDone(): boolean {
    return this.#isDone;
  }

  /** Whether they are known, or were waited for long enough. Stays so. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** The bus is being opened: neither requests nor the server wait for it any longer than so. */
  begin(clock: Clock, within: Milliseconds): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    this.#cancelPatience = clock.after(within, () => this.end());
  }

  /** The bus could not be opened: requests do not wait. */
  failed(): void {
    this.#isDone = true;
    this.#resolve();
  }

  /** The bus is open: begins to wait; `count` asks the broker for the number of nodes. */
  start(clock: Clock, count: (() => Promise<number>) | undefined): void {
    this.#cancelPatience();
    // Requests went on without waiting while the bus was away.
    if (this.#isDone) {
      this.#isDone = false;
      this.#done = this.#renewed();
    }
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
    this.#isReady = true;
    this.#isDone = true;
    this.#cancel();
    this.#cancelPatience();
    this.#resolve();
  }

  #renewed(): Promise<void> {
    return new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }
}
