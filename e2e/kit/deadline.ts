// One deadline for one wait: the only place in this workspace where a timer decides anything,
// and all it decides is how long a failing test takes to say what it was waiting for.

/** How long any single wait may last, in milliseconds, before the test fails. */
export const WAIT_MS = 6000;

/**
 * Settles as `promise` does, or rejects after `ms` with an error that names what was awaited.
 */
export async function within<T>(promise: Promise<T>, what: string, ms: number = WAIT_MS): Promise<T> {
  // Made here, so that the stack shows the line that waits.
  const late = new Error(`waited ${ms} ms for ${what}`);
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late), ms);
  });
  try {
    return await Promise.race([promise, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
