// Workers that share the surfaces, and a watchdog: an input that a worker does not get over is a hang, and another worker
// goes on behind it.

import { Worker } from "node:worker_threads";

/**
 * @typedef {object} Job
 * @property {number} surface
 * @property {number} inputs
 */
/**
 * @typedef {object} Finding
 * @property {"crash" | "hang"} kind
 * @property {string} surface
 * @property {number} session
 * @property {number} at
 * @property {readonly (string | Uint8Array)[]} input
 * @property {string} error
 */
/**
 * @typedef {object} Result
 * @property {{ inputs: number, accepted: number, refused: number, slowestMs: number }} counts
 * @property {Finding[]} findings
 * @property {number} growth
 * @property {number} seconds
 */

const STUCK_MS = 30_000;
const LOOK_MS = 1000;

/**
 * @param {object} run
 * @param {string} run.path of the bundle
 * @param {number} run.seed
 * @param {number} run.workers
 * @param {Job[]} run.jobs
 * @param {(job: Job, result: Result) => void} run.onResult
 */
export async function runJobs({ jobs, onResult, path, seed, workers }) {
  const waiting = [...jobs];
  await Promise.all(
    Array.from({ length: workers }, async () => {
      for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
        for (let from = 0; from >= 0; ) {
          const { next, result } = await runJob({ path, seed, job, from });
          onResult(job, result);
          from = next;
        }
      }
    }),
  );
}

/**
 * In a worker of its own, so that surfaces share no memory.
 * @param {{ path: string, seed: number, job: Job, from: number }} run
 * @returns {Promise<{ next: number, result: Result }>} `next`: the session to go on with after a hang, or -1
 */
function runJob({ from, job, path, seed }) {
  const place = new SharedArrayBuffer(12);
  const worker = new Worker(new URL("worker.mjs", import.meta.url), {
    workerData: { path, place },
  });
  const seen = new Int32Array(place);
  return new Promise((resolve, reject) => {
    let [count, since] = [-1, performance.now()];
    const watchdog = setInterval(() => {
      if (seen[0] !== count) [count, since] = [seen[0] ?? 0, performance.now()];
      else if (performance.now() - since > STUCK_MS)
        end({ next: (seen[1] ?? 0) + 1, result: hung(seen) });
    }, LOOK_MS);
    const end = (/** @type {{ next: number, result: Result }} */ outcome) => {
      clearInterval(watchdog);
      worker.terminate().then(() => resolve(outcome), reject);
    };
    worker.once("message", (result) => end({ next: -1, result }));
    worker.once("error", (error) => {
      clearInterval(watchdog);
      reject(error);
    });
    worker.postMessage({ ...job, from, seed });
  });
}

/**
 * @param {Int32Array} seen
 * @returns {Result}
 */
function hung([inputs = 0, session = 0, at = 0]) {
  const error = `nothing for ${STUCK_MS} ms`;
  /** @type {Finding} */
  const finding = { kind: "hang", surface: "", session, at, input: [], error };
  const counts = { inputs, accepted: 0, refused: 0, slowestMs: STUCK_MS };
  return { counts, findings: [finding], growth: 0, seconds: 0 };
}
