// What would end the process, caught instead: in place of the test runner's own handlers.

/** What was caught since. */
export interface Uncaught extends Disposable {
  readonly errors: unknown[];
}

/** Takes the place of the runner's handlers for uncaught errors and unhandled rejections. */
export function catchUncaught(): Uncaught {
  const names = ["uncaughtException", "unhandledRejection"] as const;
  const before = names.map((name) => process.listeners(name as "uncaughtException"));
  const errors: unknown[] = [];
  for (const name of names) {
    process.removeAllListeners(name);
    process.on(name, (error: unknown) => void errors.push(error));
  }
  return {
    errors,
    [Symbol.dispose]() {
      names.forEach((name, at) => {
        process.removeAllListeners(name);
        for (const listener of before[at] ?? []) process.on(name as "uncaughtException", listener);
      });
    },
  };
}
