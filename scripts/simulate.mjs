// `npm run simulate`: clusters on virtual time, with faults, judged by oracles. Guide: docs/site/guides/simulator.md.
//
//   npm run simulate -- --seeds 10000
//   npm run simulate -- --seed 4711            one seed, with its trace
//   npm run simulate -- --seeds 1000 --log     with a log alone; --no-log: without
//   npm run simulate -- --planted              how many seeds find each planted fault

import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { bundle, makeFolder } from "./simulate/bundle.mjs";
import { mended } from "./simulate/mended.mjs";
import { planted } from "./simulate/planted.mjs";
import { further } from "./simulate/planted-further.mjs";
import { runSeeds } from "./simulate/pool.mjs";

/** @typedef {import("@sockeye/testkit/simulator").SimulationOutcome} Outcome */

const { values } = parseArgs({
  options: {
    seeds: { type: "string" },
    from: { type: "string", default: "1" },
    seed: { type: "string" },
    log: { type: "boolean", default: false },
    "no-log": { type: "boolean", default: false },
    planted: { type: "boolean", default: false },
    only: { type: "string" },
    enough: { type: "string", default: "3" },
    workers: { type: "string", default: String(availableParallelism()) },
  },
});
const kindFlag = values.log ? " --log" : values["no-log"] ? " --no-log" : "";
const kinds = values.log ? ["log"] : values["no-log"] ? ["alone", "bus"] : undefined;
const workers = Number(values.workers);
const MOST_SHOWN = 10;

const { folder, remove } = await makeFolder();
try {
  if (values.planted) await findPlanted();
  else if (values.seed !== undefined) await replay(Number(values.seed));
  else await runAll();
} finally {
  await remove();
}

async function runAll() {
  const path = await bundle(folder);
  const seeds = Number(values.seeds ?? 1000);
  const sum = { happened: 0, events: 0, heard: 0, recoveries: 0, failed: 0 };
  /** @type {Record<string, number>} */
  const kindsRun = {};
  /** @type {Record<string, number>} */
  const injected = {};
  const started = performance.now();
  /** @param {Outcome} outcome */
  const onOutcome = (outcome) => {
    sum.happened += outcome.happened;
    sum.events += outcome.events;
    sum.heard += outcome.heard;
    sum.recoveries += outcome.recoveries;
    kindsRun[outcome.kind] = (kindsRun[outcome.kind] ?? 0) + 1;
    for (const [kind, times] of Object.entries(outcome.injected)) {
      injected[kind] = (injected[kind] ?? 0) + times;
    }
    if (outcome.findings.length === 0) return;
    sum.failed += 1;
    if (sum.failed <= MOST_SHOWN) show(outcome);
  };
  await runSeeds({ path, from: Number(values.from), seeds, workers, kinds, onOutcome });
  const seconds = (performance.now() - started) / 1000;
  const faults = Object.values(injected).reduce((all, times) => all + times, 0);
  console.log(
    `seeds        ${seeds} in ${seconds.toFixed(0)} s: ${(seeds / seconds).toFixed(0)} a second`,
  );
  console.log(`worlds       ${JSON.stringify(kindsRun)}`);
  console.log(`happened     ${sum.happened} steps, ${sum.events} events sent, ${sum.heard} heard`);
  console.log(`sessions     ${sum.recoveries} recovered`);
  console.log(`faults       ${faults}: ${JSON.stringify(injected)}`);
  console.log(`findings     in ${sum.failed} seeds`);
  process.exitCode = sum.failed > 0 ? 1 : 0;
}

/** @param {Outcome} outcome */
function show({ findings, kind, seed }) {
  console.log(`seed ${seed} (${kind}): npm run simulate -- --seed ${seed}${kindFlag}`);
  for (const { at, oracle, text } of findings.slice(0, 3)) {
    console.log(`  ${oracle} at ${at}: ${text.split("\n").slice(0, 4).join("\n  ")}`);
  }
}

/** @param {number} seed */
async function replay(seed) {
  const path = await bundle(folder);
  /** @param {Outcome} outcome */
  const onOutcome = (outcome) => {
    for (const line of outcome.trace) console.log(line);
    show(outcome);
    process.exitCode = outcome.findings.length > 0 ? 1 : 0;
  };
  await runSeeds({ path, from: seed, seeds: 1, workers: 1, kinds, isTracing: true, onOutcome });
}

async function findPlanted() {
  const seeds = Number(values.seeds ?? 2000);
  const enough = Number(values.enough);
  const faults = [...planted, ...further, ...mended].filter(({ name }) =>
    name.includes(values.only ?? ""),
  );
  let missed = 0;
  for (const [number, fault] of faults.entries()) {
    const path = await bundle(folder, { fault, name: `planted-${number}` });
    let [run, found] = [0, 0];
    /** @type {number[]} */
    const first = [];
    /** @type {Record<string, number>} */
    const by = {};
    /** @param {Outcome} outcome */
    const onOutcome = ({ findings, seed }) => {
      run += 1;
      if (findings.length > 0) {
        found += 1;
        first.push(seed);
      }
      for (const oracle of new Set(findings.map((each) => each.oracle))) {
        by[oracle] = (by[oracle] ?? 0) + 1;
      }
      return found >= enough;
    };
    await runSeeds({ path, from: Number(values.from), seeds, workers, kinds, onOutcome });
    if (found === 0) missed += 1;
    const how =
      found === 0
        ? "NOT FOUND"
        : `found by ${found} of ${run} seeds, first ${Math.min(...first)}, ${JSON.stringify(by)}`;
    console.log(`${fault.oracle.padEnd(11)}${fault.name}: ${how}`);
  }
  const share = (100 * (faults.length - missed)) / faults.length;
  console.log(
    `${faults.length - missed} of ${faults.length} planted faults found (${share.toFixed(0)} %)`,
  );
  process.exitCode = share < 95 ? 1 : 0;
}
