// Time as the client sees it. The only file that names the platform's timers.

/** Undoes what returned it; calling it again does nothing. */
export type Cancel = () => void;

/** Timers and the time of day; replaced in tests. */
export interface Clock {
  /** Milliseconds since 1970. Wall time on purpose: it goes on while a laptop sleeps. */
  now(): number;
  /** Calls back once, after at least `delayMs`. */
  after(delayMs: number, callback: () => void): Cancel;
}

/** What can be chosen about timers. */
export interface ClockOptions {
  /** Node: timers do not keep the process alive. Default `false`. */
  readonly autoUnref?: boolean | undefined;
  /** Use the timers as they were when this module was loaded, even if a test has replaced them since. Default `false`. */
  readonly useNativeTimers?: boolean | undefined;
}

// Longer delays overflow and would fire at once.
const LONGEST_DELAY = 0x7fffffff;

const nativeSet = setTimeout;
const nativeClear = clearTimeout;

/** The platform's timers. */
export function systemClock(options: ClockOptions): Clock {
  return {
    now: () => Date.now(),
    after(delayMs, callback) {
      // Called without a receiver: browsers refuse timers called as methods of another object.
      const set = options.useNativeTimers ? nativeSet : setTimeout;
      const clear = options.useNativeTimers ? nativeClear : clearTimeout;
      const timer: unknown = set(callback, Math.min(delayMs, LONGEST_DELAY));
      if (options.autoUnref) (timer as { unref?: () => void }).unref?.();
      return () => clear(timer as number);
    },
  };
}
