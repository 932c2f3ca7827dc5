// What every target does for the driver besides serving: tells its port, its memory, its handles; writes a
// heap snapshot; ends. Knows nothing of WebSockets.

import { writeHeapSnapshot } from "node:v8";

const SETTLE_MS = 200;

/** The plan of a target, from its command line. */
export const plan = /** @type {{ pingInterval?: number, pingTimeout?: number }} */ (
  JSON.parse(process.argv[2] ?? "{}")
);

/** Collects garbage as far as this runtime lets us, twice, with time for finalizers in between. */
async function collect() {
  for (let round = 0; round < 4; round++) {
    globalThis.gc?.();
    if ("Bun" in globalThis) /** @type {any} */ (globalThis).Bun.gc(true);
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS / 4));
  }
}

function handles() {
  /** @type {Record<string, number>} */
  const counts = {};
  for (const name of process.getActiveResourcesInfo()) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** @param {{ kind: string, file?: string }} question */
async function answer({ kind, file }) {
  switch (kind) {
    case "memory": {
      await collect();
      const { heapUsed, external, arrayBuffers } = process.memoryUsage();
      report({ kind, heapUsed, external, arrayBuffers, handles: handles() });
      break;
    }
    case "snapshot":
      await collect();
      report({ kind, file: writeHeapSnapshot(file) });
      break;
    case "end":
      // Not a signal: this way --cpu-prof writes its profile.
      process.exit(0);
  }
}

/** @param {object} message */
function report(message) {
  process.send?.(message);
}

/**
 * Tells the driver that the server listens, and answers from then on.
 * @param {number} port
 */
export function ready(port) {
  process.on("message", (question) => void answer(/** @type {{ kind: string }} */ (question)));
  process.on("disconnect", () => process.exit(0));
  report({ kind: "ready", port });
}
