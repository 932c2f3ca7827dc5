// Timers of the client. The only file that uses those of the platform.

/** Undoes the call that returned it. Calling it again does nothing. */
export type Cancel = () => void;

/** The options of timers. */
export interface TimerOptions {
  /** Node: timers do not keep the process alive. Default `false`. */
  readonly autoUnref?: boolean | undefined;
  /** Use the timers as they were when this module was loaded, even if a test has replaced them since. Default `false`. */
  readonly useNativeTimers?: boolean | undefined;
}

// Longer delays overflow and would fire at once.
const LONGEST_DELAY = 0x7fffffff;

const native = { setTimeout, clearTimeout };

/** The global object of Node. Bundles for browsers define `globalThis.process` as undefined, and omit what needs it. */
export interface Host {
  readonly process?: unknown;
}

/** Replaced by `false` where the module is minified for an entry that lacks the options of timers. */
const TIMER_OPTIONS: boolean = true;

/** Calls back once, after at least `delayMs`, by the timers as they are now. */
export function delay(delayMs: number, callback: () => void): Cancel {
  const timer = setTimeout(callback, Math.min(delayMs, LONGEST_DELAY));
  return () => clearTimeout(timer);
}

function optionally(delayMs: number, callback: () => void, options: TimerOptions): Cancel {
  // Called without a receiver: browsers refuse timers called as methods of another object.
  const { setTimeout: start, clearTimeout: stop } = options.useNativeTimers ? native : globalThis;
  const timer: unknown = start(callback, Math.min(delayMs, LONGEST_DELAY));
  if ((globalThis as Host).process && options.autoUnref) {
    (timer as { unref?: () => void }).unref?.();
  }
  return () => stop(timer as number);
}

/**
 * Calls `callback` once, after at least `delayMs` milliseconds; after 24.8 days where that is less.
 * @returns a function that cancels it
 */
export const after: typeof optionally = TIMER_OPTIONS ? optionally : delay;
