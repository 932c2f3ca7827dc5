// The wait for a log that a server does not read yet: clients that come meanwhile, and callers that ask whether it is ready.

import type { Clock, Milliseconds } from "@sockeye/portable";

/** The opening of a log. */
export class Opening {
  readonly #clock: Clock;
  readonly #waiting = new Set<(isOpen: boolean) => void>();
  #isOpen = false;
  #isOver = false;
  #cancel: (() => void) | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Whether the log is open, or was waited for long enough. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** The log is being opened: a caller that asks whether the server is ready waits for it so long. */
  begin(within: Milliseconds): void {
    this.#cancel ??= this.#clock.after(within, () => {
      this.#isOver = true;
    });
  }

  /** How many wait. */
  get size(): number {
    return this.#waiting.size;
  }

  /** The log is read: those who wait go on. */
  open(): void {
    this.#isOpen = true;
    this.#isOver = true;
    this.end();
  }

  /** Ends all waits. */
  end(): void {
    this.#cancel?.();
    for (const end of [...this.#waiting]) end(this.#isOpen);
  }

  /** Resolves with whether the log is open within some time; at once, when it is. */
  within(time: Milliseconds): Promise<boolean> | boolean {
    if (this.#isOpen) return true;
    return new Promise((resolve) => {
      const end = (isOpen: boolean): void => {
        cancel();
        this.#waiting.delete(end);
        resolve(isOpen);
      };
      const cancel = this.#clock.after(time, () => end(false));
      this.#waiting.add(end);
    });
  }
}
