// What engine.io-client hands out for timers. The client itself has no use for it.

/** The timers that an object is to use. */
export interface TimerFunctions {
  setTimeoutFn: typeof setTimeout;
  clearTimeoutFn: typeof clearTimeout;
}

const native: TimerFunctions = {
  setTimeoutFn: setTimeout.bind(globalThis),
  clearTimeoutFn: clearTimeout.bind(globalThis),
};

/** Gives an object timers: those of the platform as this module found them, or those of the moment. */
export function installTimerFunctions(
  target: object,
  options: { readonly useNativeTimers?: boolean },
): void {
  const now: TimerFunctions = {
    setTimeoutFn: setTimeout.bind(globalThis),
    clearTimeoutFn: clearTimeout.bind(globalThis),
  };
  Object.assign(target, options.useNativeTimers ? native : now);
}

/** Calls back after what is running, before anything else. */
export function nextTick(callback: () => void): void {
  queueMicrotask(callback);
}
