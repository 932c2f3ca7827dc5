// The functions for timers that engine.io-client exports. The client itself does not use them.

/** The timers that an object is to use. */
export interface TimerFunctions {
  setTimeoutFn: typeof setTimeout;
  clearTimeoutFn: typeof clearTimeout;
}

const native: TimerFunctions = {
  setTimeoutFn: setTimeout.bind(globalThis),
  clearTimeoutFn: clearTimeout.bind(globalThis),
};

/** Sets the timers of an object: with `useNativeTimers` those that the platform had when this module was loaded. */
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

/** Calls back as a microtask. */
export function nextTick(callback: () => void): void {
  queueMicrotask(callback);
}
