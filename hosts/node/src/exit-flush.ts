// Writes what was collected when the process exits in the middle of a turn of the event loop: `process.exit()` runs the
// listeners of "exit" and nothing after them, but a socket hands over what it is given at once as long as the
// operating system takes it. One listener of the process, however many servers there are.

const flushes = new Set<() => void>();

function onExit(): void {
  for (const flush of flushes) {
    try {
      flush();
    } catch {
      // The process ends: the others still have something to write, and nothing would be told.
    }
  }
}

/** Calls `flush` when the process exits. */
export function flushAtExit(flush: () => void): void {
  if (flushes.size === 0) process.on("exit", onExit);
  flushes.add(flush);
}

/** No longer does so. */
export function forgetAtExit(flush: () => void): void {
  if (flushes.delete(flush) && flushes.size === 0) process.off("exit", onExit);
}
