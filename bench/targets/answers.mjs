// What every target does for the driver besides serving: tells its port, its memory, its handles; writes a
// heap snapshot or a CPU profile; ends. Knows nothing of WebSockets.

import { writeFileSync } from "node:fs";
import { Session } from "node:inspector";
import { writeHeapSnapshot } from "node:v8";

const COLLECTIONS = 4;
const BETWEEN_MS = 200;
/**
 * V8 gives young space back only after several collections with some quiet in between. Without, the resident memory
 * of 10,000 connections is 20 MB more or not, as it happens.
 */
const SETTLING = [700, 0, 200, 700, 0, 200, 700, 0];

/** The plan of a target, from its command line. */
export const plan = /** @type {{ pingInterval?: number, pingTimeout?: number }} */ (
  JSON.parse(process.argv[2] ?? "{}")
);

/** @param {number} ms */
function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Collects garbage as far as this runtime lets us. */
async function collect() {
  for (let count = 0; count < COLLECTIONS; count++) {
    globalThis.gc?.();
    if ("Bun" in globalThis) /** @type {any} */ (globalThis).Bun.gc(true);
  }
  await pause(BETWEEN_MS);
}

function handles() {
  /** @type {Record<string, number>} */
  const counts = {};
  for (const name of process.getActiveResourcesInfo?.() ?? [])
    counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/**
 * A session with V8's own profiler; what `--cpu-prof` uses, but without the start of the process.
 * @type {Session | undefined}
 */
let profiler;

/**
 * @param {string} method
 * @returns {Promise<{ profile?: object }>}
 */
function ask(method) {
  return new Promise((resolve, reject) => {
    profiler?.post(method, (error, result) => {
      if (error === null) resolve(result ?? {});
      else reject(error);
    });
  });
}

async function startProfile() {
  profiler = new Session();
  profiler.connect();
  await ask("Profiler.enable");
  await ask("Profiler.start");
}

/** @param {string} file */
async function writeProfile(file) {
  const { profile } = await ask("Profiler.stop");
  writeFileSync(file, JSON.stringify(profile));
}

/** @param {{ kind: string, file?: string, settles?: boolean }} question */
async function answer({ file = "", kind, settles = false }) {
  switch (kind) {
    case "memory": {
      for (const quietMs of settles ? SETTLING : [0]) {
        await pause(quietMs);
        await collect();
      }
      const { heapUsed, external, arrayBuffers } = process.memoryUsage();
      report({ kind, heapUsed, external, arrayBuffers, handles: handles() });
      break;
    }
    case "snapshot":
      await collect();
      await collect();
      report({ kind, file: writeHeapSnapshot(file) });
      break;
    case "start profile":
      await startProfile();
      report({ kind });
      break;
    case "write profile":
      await writeProfile(file);
      report({ kind });
      break;
    case "end":
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
