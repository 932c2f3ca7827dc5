// Writes the collected frames when the process exits within an event-loop turn: `process.exit()` runs the listeners of
// "exit" and nothing after them, but a socket writes synchronously as long as the operating system accepts the data.

import type { Gateway } from "../gateway.ts";

/** What ends: `node:process`. */
interface Ending {
  on(event: "exit", listener: () => void): unknown;
  off(event: "exit", listener: () => void): unknown;
}

/** What is written at the end of one process: one listener of it, however many servers there are. */
export class ExitFlushes {
  readonly #process: Ending;
  readonly #afterTurn: (callback: () => void) => void;
  readonly #flushes = new Set<() => void>();
  readonly #onExit: () => void;

  /** `afterTurn` calls back after this event-loop turn; it does not keep the process alive. */
  constructor(process: Ending, afterTurn: (callback: () => void) => void) {
    this.#process = process;
    this.#afterTurn = afterTurn;
    // Named for those who look at the listeners of the process.
    const onExit = (): void => this.#flushAll();
    this.#onExit = onExit;
  }

  /** What the clients of one engine are owed; `flush` writes the frames of its WebSockets. */
  of(gateway: Gateway, flush: () => void): ExitFlush {
    const onExit = (): void => {
      gateway.releasePolls();
      flush();
    };
    return new ExitFlush(this, onExit, this.#afterTurn);
  }

  add(flush: () => void): void {
    if (this.#flushes.size === 0) this.#process.on("exit", this.#onExit);
    this.#flushes.add(flush);
  }

  remove(flush: () => void): void {
    if (this.#flushes.delete(flush) && this.#flushes.size === 0) {
      this.#process.off("exit", this.#onExit);
    }
  }

  #flushAll(): void {
    for (const flush of this.#flushes) {
      try {
        flush();
      } catch {
        // The process ends: the other sockets must still be written, and no error can be reported.
      }
    }
  }
}

/** The part of one engine. */
export class ExitFlush {
  readonly #all: ExitFlushes;
  readonly #flush: () => void;
  readonly #afterTurn: (callback: () => void) => void;
  #isOn = false;

  constructor(all: ExitFlushes, flush: () => void, afterTurn: (callback: () => void) => void) {
    this.#all = all;
    this.#flush = flush;
    this.#afterTurn = afterTurn;
  }

  /** The engine has clients, or may have some. */
  begin(): void {
    if (this.#isOn) return;
    this.#isOn = true;
    this.#all.add(this.#flush);
  }

  /** The engine has none. */
  end(): void {
    this.#isOn = false;
    this.#all.remove(this.#flush);
  }

  /** The engine has closed. Frames of this event-loop turn are still written when the process exits in it. */
  endAfterTurn(): void {
    if (!this.#isOn) return;
    this.#isOn = false;
    this.#afterTurn(() => {
      if (!this.#isOn) this.#all.remove(this.#flush);
    });
  }
}
