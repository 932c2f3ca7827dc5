// `npm run bench:profile`: where a server's time goes in one scenario, from `--cpu-prof` over one run, the start and
// the warm-up included.
//
//   npm run bench:profile -- --scenario echo [--target sockeye] [--top 30] [--keep folder]

import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { describeSurroundings, surroundings } from "../kit/surroundings.mjs";
import { runOnce } from "../one-run.mjs";
import { pickScenarios } from "../scenarios.mjs";
import { pickTargets } from "../targets.mjs";
import { readCpuProfile } from "./cpu-profile.mjs";

// Long enough for the start to be a small share.
const MEASURE_MS = 6000;

const { values } = parseArgs({
  options: {
    scenario: { type: "string", default: "echo" },
    target: { type: "string", default: "sockeye" },
    top: { type: "string", default: "30" },
    keep: { type: "string" },
  },
});
console.log(`${describeSurroundings(surroundings("bench:profile"))}\n`);
const folder = values.keep ?? (await mkdtemp(join(tmpdir(), "bench-profile-")));
const known = new Set(values.keep === undefined ? [] : await readdir(folder));

/** @param {import("./cpu-profile.mjs").Share} share */
function line({ name, share }) {
  return `${(share * 100).toFixed(1).padStart(6)} %  ${name}`;
}

for (const scenario of pickScenarios(values.scenario)) {
  for (const target of pickTargets(values.target)) {
    const flags = ["--cpu-prof", `--cpu-prof-dir=${folder}`];
    const longer = { ...scenario, plan: { ...scenario.plan, measureMs: MEASURE_MS } };
    const { serverMicros } = await runOnce(target, longer, { isQuick: false, flags });
    const files = await readdir(folder);
    const file = files.find((name) => !known.has(name));
    if (file === undefined) throw new Error("no profile was written");
    known.add(file);
    const { functions, origins } = readCpuProfile(join(folder, file));
    const title = `${scenario.name}, ${target.name}: ${serverMicros.toFixed(2)} µs per ${scenario.unit}`;
    console.log(`### ${title} (with the profiler)\n`);
    console.log(origins.slice(0, 12).map(line).join("\n"));
    console.log(`\n${functions.slice(0, Number(values.top)).map(line).join("\n")}\n`);
  }
}
if (values.keep === undefined) await rm(folder, { recursive: true });
