// A worker of `npm run fuzz`: runs the sessions of one surface after the other, and says where it is, so that a hang is seen
// from outside.

import { pathToFileURL } from "node:url";
import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { parentPort, workerData } from "node:worker_threads";

setFlagsFromString("--expose-gc");
/** @type {() => void} */
const gc = runInNewContext("gc");
const { SESSION_INPUTS, SurfaceRun, surfaces } = await import(pathToFileURL(workerData.path).href);

/** [inputs begun, session, number in it] */
const place = new Int32Array(workerData.place);
/** @type {unknown[]} */
let uncaught = [];
const keep = (/** @type {unknown} */ error) => void uncaught.push(error);
process.on("unhandledRejection", keep);
process.on("uncaughtException", keep);

const turn = () => new Promise((resolve) => void setImmediate(resolve));

function takeUncaught() {
  const taken = uncaught;
  uncaught = [];
  return taken;
}

function heap() {
  gc();
  gc();
  const { external_memory: external, used_heap_size: used } = getHeapStatistics();
  return used + external;
}

/** The part of the sessions after which memory is measured first: until then code is compiled, and buffers are kept. */
const WARM = 0.2;

parentPort?.on("message", async ({ from, inputs, seed, surface: index }) => {
  const surface = surfaces[index];
  /** @type {object[]} */
  const findings = [];
  const watch = {
    turn,
    uncaught: takeUncaught,
    onFinding: (/** @type {object} */ finding) => void findings.push(finding),
    onInput(/** @type {number} */ session, /** @type {number} */ at) {
      place[0] = (place[0] ?? 0) + 1;
      place[1] = session;
      place[2] = at;
    },
  };
  const run = new SurfaceRun(surface, seed, watch);
  const sessions = Math.ceil(inputs / SESSION_INPUTS);
  const warm = from + Math.floor((sessions - from) * WARM);
  const began = performance.now();
  let before = heap();
  for (let session = from; session < sessions; session++) {
    if (session === warm) before = heap();
    await run.session(session, Math.min(SESSION_INPUTS, inputs - session * SESSION_INPUTS));
  }
  const seconds = (performance.now() - began) / 1000;
  const growth = heap() - before;
  await run.close();
  parentPort?.postMessage({ counts: run.counts, findings, growth, seconds });
});
