// Timers as the client uses them. The only file that names the platform's.

/** Undoes what returned it; calling it again does nothing. */
export type Cancel = () => void;

/** What can be chosen about timers. */
export interface TimerOptions {
  /** Node: timers do not keep the process alive. Default `false`. */
  readonly autoUnref?: boolean | undefined;
  /** Use the timers as they were when this module was loaded, even if a test has replaced them since. Default `false`. */
  readonly useNativeTimers?: boolean | undefined;
}

// Longer delays overflow and would fire at once.
const LONGEST_DELAY = 0x7fffffff;

const native = { set: setTimeout, clear: clearTimeout };

/** Node's global, looked up by name so that bundles for browsers can leave out what needs it. */
interface Host {
  readonly process?: unknown;
}

/** Calls back once, after at least `delayMs`. */
export function after(options: TimerOptions, delayMs: number, callback: () => void): Cancel {
  // Called without a receiver: browsers refuse timers called as methods of another object.
  const { set, clear } = options.useNativeTimers
    ? native
    : { set: setTimeout, clear: clearTimeout };
  const timer: unknown = set(callback, Math.min(delayMs, LONGEST_DELAY));
  if ((globalThis as Host).process && options.autoUnref) {
    (timer as { unref?: () => void }).unref?.();
  }
  return () => clear(timer as number);
}

/** Calls back once, after at least `delayMs`, by the timers as they are now. */
export function delay(delayMs: number, callback: () => void): Cancel {
  const timer = setTimeout(callback, Math.min(delayMs, LONGEST_DELAY));
  return () => clearTimeout(timer);
}
