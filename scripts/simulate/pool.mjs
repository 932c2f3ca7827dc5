// Workers that share the seeds.

import { Worker } from "node:worker_threads";

/** @typedef {import("@sockeye/testkit/simulator").SimulationOutcome} Outcome */

// Seeds that a worker gets at once: few, so that all end together.
const AT_ONCE = 10;

/**
 * Runs seeds on several workers. `onOutcome` may end the run by returning `true`.
 * @param {object} run
 * @param {string} run.path of the bundle
 * @param {number} run.from
 * @param {number} run.seeds
 * @param {number} run.workers
 * @param {readonly string[] | undefined} run.kinds
 * @param {boolean} [run.isTracing]
 * @param {(outcome: Outcome) => boolean | void} run.onOutcome
 */
export async function runSeeds({
  from,
  isTracing = false,
  kinds,
  onOutcome,
  path,
  seeds,
  workers,
}) {
  let next = from;
  const end = from + seeds;
  let isOver = false;
  const take = () => {
    if (isOver) return [];
    const first = next;
    next = Math.min(end, next + AT_ONCE);
    return Array.from({ length: next - first }, (_, index) => first + index);
  };
  await Promise.all(
    Array.from({ length: workers }, async () => {
      const worker = new Worker(new URL("worker.mjs", import.meta.url), { workerData: { path } });
      try {
        for (let batch = take(); batch.length > 0; batch = take()) {
          for (const outcome of await ask(worker, { seeds: batch, kinds, isTracing })) {
            if (onOutcome(outcome) === true) isOver = true;
          }
        }
      } finally {
        await worker.terminate();
      }
    }),
  );
}

/**
 * @param {Worker} worker
 * @param {object} message
 * @returns {Promise<Outcome[]>}
 */
function ask(worker, message) {
  return new Promise((resolve, reject) => {
    worker.once("message", (outcomes) => {
      worker.off("error", reject);
      resolve(outcomes);
    });
    worker.once("error", reject);
    worker.postMessage(message);
  });
}
