// A worker of `npm run simulate`: runs the seeds that it is given, one after the other.

import { pathToFileURL } from "node:url";
import { parentPort, workerData } from "node:worker_threads";

const { simulateCluster } = await import(pathToFileURL(workerData.path).href);

const turn = () => new Promise((resolve) => void setImmediate(resolve));
/** @type {string[]} */
let uncaught = [];
const keep = (/** @type {unknown} */ error) =>
  void uncaught.push(error instanceof Error ? String(error.stack) : String(error));
process.on("unhandledRejection", keep);
process.on("uncaughtException", keep);

parentPort?.on("message", async ({ isTracing, kinds, seeds }) => {
  const outcomes = [];
  for (const seed of seeds) outcomes.push(await run(seed, { isTracing, kinds }));
  parentPort?.postMessage(outcomes);
});

/** @param {number} seed @param {object} options */
async function run(seed, options) {
  uncaught = [];
  const outcome = await simulateCluster(seed, { ...options, turn });
  await turn();
  const findings = uncaught.map((text) => ({ oracle: "loss", text: `uncaught: ${text}`, at: -1 }));
  return { ...outcome, findings: [...outcome.findings, ...findings] };
}
