// `npm run fuzz`: inputs by grammar and by mutation for every place where bytes of others come in.
//
//   npm run fuzz -- --count 10000000 --seed 1
//   npm run fuzz -- --only "cluster"             surfaces whose name contains it
//   npm run fuzz -- --replay "contracts:17" --seed 1     one session again, with its inputs

import { availableParallelism } from "node:os";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { runJobs } from "./fuzz/pool.mjs";
import { hexOf, tableOf } from "./fuzz/report.mjs";
import { bundle, makeFolder } from "./simulate/bundle.mjs";

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "1000000" },
    seed: { type: "string", default: "20261201" },
    only: { type: "string", default: "" },
    replay: { type: "string" },
    workers: { type: "string", default: String(availableParallelism()) },
  },
});
const seed = Number(values.seed);
const MOST_SHOWN = 20;

const { folder, remove } = await makeFolder();
try {
  const path = await bundle(folder, { entry: "scripts/fuzz/index.ts", name: "fuzz" });
  if (values.replay === undefined) await runAll(path);
  else await replay(path, values.replay);
} finally {
  await remove();
}

/** @param {string} path */
async function runAll(path) {
  const { surfaces } = await import(pathToFileURL(path).href);
  /** @type {{ name: string, weight: number, index: number }[]} */
  const chosen = surfaces
    .map((/** @type {{ name: string, weight: number }} */ each, /** @type {number} */ index) => ({
      name: each.name,
      weight: each.weight,
      index,
    }))
    .filter((/** @type {{ name: string }} */ { name }) => name.includes(values.only));
  const weights = chosen.reduce((sum, { weight }) => sum + weight, 0);
  const jobs = chosen.map(({ index, weight }) => ({
    surface: index,
    inputs: Math.ceil((Number(values.count) * weight) / weights),
  }));
  /** @type {Map<number, import("./fuzz/report.mjs").Row>} */
  const rows = new Map(
    chosen.map(({ index, name }) => [
      index,
      {
        name,
        inputs: 0,
        accepted: 0,
        refused: 0,
        crashes: 0,
        hangs: 0,
        slowestMs: 0,
        growth: 0,
        seconds: 0,
      },
    ]),
  );
  const shown = new Set();
  const began = performance.now();
  await runJobs({
    path,
    seed,
    jobs,
    workers: Number(values.workers),
    onResult(job, { counts, findings, growth, seconds }) {
      const row = rows.get(job.surface);
      if (row === undefined) return;
      row.inputs += counts.inputs;
      row.accepted += counts.accepted;
      row.refused += counts.refused;
      row.slowestMs = Math.max(row.slowestMs, counts.slowestMs);
      row.growth += growth;
      row.seconds += seconds;
      for (const finding of findings) {
        if (finding.kind === "crash") row.crashes += 1;
        else row.hangs += 1;
        show({ ...finding, surface: row.name }, shown);
      }
    },
  });
  const table = tableOf([...rows.values()]);
  const seconds = (performance.now() - began) / 1000;
  console.log(table.text);
  console.log(
    `seed ${seed}, ${table.inputs} inputs in ${seconds.toFixed(0)} s, ${table.crashes} crashes, ${table.hangs} hangs`,
  );
  process.exitCode = table.crashes + table.hangs > 0 ? 1 : 0;
}

/**
 * Shows each fault once, however many inputs find it.
 * @param {import("./fuzz/pool.mjs").Finding} finding
 * @param {Set<string>} shown
 */
function show({ at, error, input, kind, session, surface }, shown) {
  const place = error.split("\n").slice(0, 3).join("\n  ");
  if (shown.has(place) || shown.size >= MOST_SHOWN) return;
  shown.add(place);
  console.log(`${kind} in "${surface}", input ${at} of session ${session}: ${place}`);
  console.log(`  input ${hexOf(input)}`);
  console.log(`  npm run fuzz -- --replay "${surface}:${session}" --seed ${seed}`);
}

/**
 * One session, with each of its inputs.
 * @param {string} path
 * @param {string} wanted
 */
async function replay(path, wanted) {
  const { SurfaceRun, surfaces } = await import(pathToFileURL(path).href);
  const [, name, session] = /^(.*):(\d+)$/.exec(wanted) ?? [];
  const surface = surfaces.find((/** @type {{ name: string }} */ each) => each.name === name);
  if (surface === undefined) throw new Error(`no surface "${name}"`);
  /** @type {unknown[]} */
  const uncaught = [];
  const keep = (/** @type {unknown} */ error) => void uncaught.push(error);
  process.on("unhandledRejection", keep);
  process.on("uncaughtException", keep);
  let found = 0;
  const run = new SurfaceRun(surface, seed, {
    turn: () => new Promise((resolve) => void setImmediate(resolve)),
    uncaught: () => uncaught.splice(0),
    onMade: (/** @type {number} */ at, /** @type {readonly (string | Uint8Array)[]} */ input) =>
      console.log(`${at}: ${hexOf(input)} ${JSON.stringify(input).slice(0, 200)}`),
    onFinding(/** @type {import("./fuzz/pool.mjs").Finding} */ { error, kind }) {
      found += 1;
      console.log(`${kind}: ${error}`);
    },
  });
  await run.session(Number(session));
  await run.close();
  console.log(`${found} findings`);
  process.exitCode = found > 0 ? 1 : 0;
}
