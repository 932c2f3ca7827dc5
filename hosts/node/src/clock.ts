// Time on Node.

import type { Clock } from "@sockeye/portable";

/** The clock of this process. */
export const nodeClock: Clock = {
  now: () => performance.now(),
  after(delay, callback) {
    const timer = setTimeout(callback, delay);
    return () => clearTimeout(timer);
  },
  wallTime: () => Date.now(),
};

/** The same clock with timers that do not keep the process alive. */
export const nodeIdleClock: Clock = {
  ...nodeClock,
  after(delay, callback) {
    const timer = setTimeout(callback, delay).unref();
    return () => clearTimeout(timer);
  },
};
