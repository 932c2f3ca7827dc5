// Writes the collected frames when the process exits within an event-loop turn: `process.exit()` runs the listeners of
// "exit" and nothing after them, but a socket writes synchronously as long as the operating system accepts the data.
// One listener per process, however many servers there are.

const flushes = new Set<() => void>();

function onExit(): void {
  for (const flush of flushes) {
    try {
      flush();
    } catch {
      // The process ends: the other sockets must still be written, and no error can be reported.
    }
  }
}

/** Calls `flush` when the process exits. */
export function flushAtExit(flush: () => void): void {
  if (flushes.size === 0) process.on("exit", onExit);
  flushes.add(flush);
}

/** Unregisters `flush`. */
export function forgetAtExit(flush: () => void): void {
  if (flushes.delete(flush) && flushes.size === 0) process.off("exit", onExit);
}
