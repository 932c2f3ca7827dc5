// Those who wait until a position of the log was read.

import type { Clock, Milliseconds } from "@sockeye/portable";
import type { LogPoint } from "../cluster/log.ts";

interface Wait {
  readonly point: LogPoint;
  end(isReached: boolean): void;
}

/** Waits for positions. */
export class PointWaits {
  readonly #clock: Clock;
  readonly #waits = new Set<Wait>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#waits.size;
  }

  /** Resolves with whether a position was read within some time. */
  wait(point: LogPoint, within: Milliseconds): Promise<boolean> {
    return new Promise((resolve) => {
      const wait: Wait = {
        point,
        end: (isReached) => {
          cancel();
          this.#waits.delete(wait);
          resolve(isReached);
        },
      };
      const cancel = this.#clock.after(within, () => wait.end(false));
      this.#waits.add(wait);
    });
  }

  /** A position was read. One of another epoch is never read. */
  onPoint({ epoch, offset }: LogPoint): void {
    if (this.#waits.size === 0) return;
    for (const wait of [...this.#waits]) {
      if (wait.point.epoch !== epoch) wait.end(false);
      else if (wait.point.offset <= offset) wait.end(true);
    }
  }

  endAll(): void {
    for (const wait of [...this.#waits]) wait.end(false);
  }
}
