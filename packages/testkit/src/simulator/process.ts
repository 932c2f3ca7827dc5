// A process of the simulation: all that happens in a server enters here, so that a process can be suspended, and ended
// without a word. It has a clock of its own, which differs from the others in rate and offset.

import type { Clock, Milliseconds } from "@sockeye/portable";
import type { Timeline } from "./timeline.ts";

/** How the clock of a process differs from the time of the simulation. */
export interface ClockError {
  readonly rate: number;
  readonly offset: Milliseconds;
}

/** A process. */
export class Process {
  readonly clock: Clock;
  readonly #timeline: Timeline;
  readonly #clockError: ClockError;
  #state: "dead" | "running" | "suspended" = "running";
  #waiting: (() => void)[] = [];
  #timers = 0;

  constructor(timeline: Timeline, clockError: ClockError) {
    this.#timeline = timeline;
    this.#clockError = clockError;
    const { offset, rate } = clockError;
    this.clock = {
      now: () => offset + rate * timeline.now,
      wallTime: () => 1_700_000_000_000 + offset + rate * timeline.now,
      after: (delay, call) => this.after(delay, call),
    };
  }

  get isDead(): boolean {
    return this.#state === "dead";
  }

  get isRunning(): boolean {
    return this.#state === "running";
  }

  /** How many timers wait. */
  get timers(): number {
    return this.#timers;
  }

  /** Something reaches the process. A suspended one reads it later. */
  enter(call: () => void): void {
    if (this.#state === "running") call();
    else if (this.#state === "suspended") this.#waiting.push(call);
  }

  /** A timer of the process. */
  after(delay: Milliseconds, call: () => void): () => void {
    let isOver = false;
    const end = (): void => {
      if (!isOver) this.#timers -= 1;
      isOver = true;
    };
    this.#timers += 1;
    const due = (): void =>
      this.enter(() => {
        if (isOver) return;
        end();
        call();
      });
    const cancel = this.#timeline.after(Math.max(0, delay) / this.#clockError.rate, due);
    return () => {
      end();
      cancel();
    };
  }

  /** Nothing runs any more, until `resume`. */
  suspend(): void {
    if (this.#state === "running") this.#state = "suspended";
  }

  /** What has reached the process meanwhile is read, in order. */
  resume(): void {
    if (this.#state !== "suspended") return;
    this.#timeline.after(0, () => {
      if (this.#state !== "suspended") return;
      this.#state = "running";
      for (const call of this.#waiting.splice(0)) this.enter(call);
    });
  }

  /** Ends without a word. */
  die(): void {
    this.#state = "dead";
    this.#waiting = [];
  }
}
