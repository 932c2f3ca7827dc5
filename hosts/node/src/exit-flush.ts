// Flushes collected writes when the process exits in the middle of an event-loop turn: `process.exit()` runs the "exit"
// listeners and nothing after them, but a socket write is synchronous as long as the operating system accepts it.
// One process-wide listener, however many servers there are.

const flushes = new Set<() => void>();

function onExit(): void {
  for (const flush of flushes) {
    try {
      flush();
    } catch {
      // The process ends: the others still have to be flushed, and no handler would see the error.
    }
  }
}

/** Calls `flush` when the process exits. */
export function flushAtExit(flush: () => void): void {
  if (flushes.size === 0) process.on("exit", onExit);
  flushes.add(flush);
}

/** Undoes `flushAtExit`; the last one removes the listener. */
export function forgetAtExit(flush: () => void): void {
  if (flushes.delete(flush) && flushes.size === 0) process.off("exit", onExit);
}
