// What would end the process, caught instead: in place of the test runner's own handlers.

/** What was caught since. */
export interface Uncaught extends Disposable {
  readonly errors: unknown[];
}

/** Takes the place of the runner's handlers for uncaught errors. */
export function catchUncaught(name: "uncaughtException" | "unhandledRejection"): Uncaught {
  const before = process.listeners(name as "uncaughtException");
  const errors: unknown[] = [];
  process.removeAllListeners(name);
  process.on(name, (error: unknown) => void errors.push(error));
  return {
    errors,
    [Symbol.dispose]() {
      process.removeAllListeners(name);
      for (const listener of before) process.on(name as "uncaughtException", listener);
    },
  };
}
