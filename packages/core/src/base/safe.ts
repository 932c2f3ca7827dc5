// The option `safe`: what would be an uncaught error is shown to the operator. A client can make a listener fail at will, so that only
// so many are shown.

import type { Clock, Milliseconds } from "@sockeye/portable";

const MOST = 10;
const WITHIN: Milliseconds = 1000;

/** Shows errors. */
export class ShownErrors {
  readonly #clock: Clock;
  readonly #warn: (text: string) => void;
  #since = -Infinity;
  #count = 0;

  constructor(clock: Clock, warn: (text: string) => void) {
    this.#clock = clock;
    this.#warn = warn;
  }

  /** Shows an error, unless too many were. Never throws. */
  show(error: unknown, where?: string): void {
    const now = this.#clock.now();
    if (now - this.#since >= WITHIN) {
      const hidden = this.#count - MOST;
      this.#since = now;
      this.#count = 0;
      if (hidden > 0) this.#tell(`${hidden} more errors of the application were not shown`);
    }
    this.#count += 1;
    if (this.#count > MOST) return;
    this.#tell(`${where ?? "code of the application"} failed: ${textOf(error)}`);
  }

  #tell(text: string): void {
    try {
      this.#warn(text);
    } catch {
      // A warning that fails has no place left to go to.
    }
  }
}

/** The stack, where there is one. Errors may have getters that throw. */
function textOf(error: unknown): string {
  try {
    const { stack } = error as { readonly stack?: unknown };
    return typeof stack === "string" ? stack : String(error);
  } catch {
    return "an error that cannot be shown";
  }
}
