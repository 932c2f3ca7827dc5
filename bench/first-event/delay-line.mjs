// Runs what is put in after a fixed time, in order, to a tenth of a millisecond. Node's own timers count whole
// milliseconds and are up to two late: over two round trips that is as much as what is measured here.

// So long before the end no timer is trusted any more, and the loop is asked on every turn.
const DISTRUST_MS = 2;

/** Things to do, each a fixed time after it was put in. */
export class DelayLine {
  #delayMs;
  /** @type {{ due: number, run: () => unknown }[]} */
  #waiting = [];
  #isTicking = false;

  /** @param {number} delayMs */
  constructor(delayMs) {
    this.#delayMs = delayMs;
  }

  /** @param {() => unknown} run */
  add(run) {
    this.#waiting.push({ due: performance.now() + this.#delayMs, run });
    this.#tick();
  }

  /** Forgets what has not been done. */
  clear() {
    this.#waiting = [];
  }

  #tick() {
    const [next] = this.#waiting;
    if (next === undefined || this.#isTicking) return;
    this.#isTicking = true;
    const leftMs = next.due - performance.now();
    if (leftMs > DISTRUST_MS) setTimeout(() => this.#turn(), leftMs - DISTRUST_MS);
    else setImmediate(() => this.#turn());
  }

  #turn() {
    while (this.#waiting[0] !== undefined && this.#waiting[0].due <= performance.now()) {
      this.#waiting.shift()?.run();
    }
    this.#isTicking = false;
    this.#tick();
  }
}
