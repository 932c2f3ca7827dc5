// One deadline for one wait: the only place in this workspace where a timer decides anything,
// and all it decides is how long a failing test takes to say what it was waiting for.

/** How long any single wait may last, in milliseconds, before the test fails. */
export const WAIT_MS = 10_000;

/**
 * Settles as `promise` does, or rejects after `ms` with an error that names what was awaited;
 * a function is asked for the name when the time is over.
 */
export async function within<T>(
  promise: Promise<T>,
  what: string | (() => string),
  ms: number = WAIT_MS,
): Promise<T> {
  // Made here, so that the stack shows the line that waits.
  const late = new Error("late");
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      late.message = `waited ${ms} ms for ${typeof what === "string" ? what : what()}`;
      reject(late);
    }, ms);
  });
  try {
    return await Promise.race([promise, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
