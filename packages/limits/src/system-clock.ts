// The platform's time.

import type { Clock } from "@sockeye/portable";

/** The clock of the platform. Its timers keep no process alive. */
export const systemClock: Clock = {
  now: () => performance.now(),
  wallTime: () => Date.now(),
  after(delay, callback) {
    const timer: unknown = setTimeout(callback, delay);
    // Of Node: a number elsewhere.
    (timer as { unref?: () => void }).unref?.();
    return () => clearTimeout(timer as number);
  },
};
