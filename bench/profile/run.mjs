// `npm run bench:profile`: where a server's time goes in one scenario. V8's profiler runs from when the server is
// ready until the generator is done, the warm-up included.
//
//   npm run bench:profile -- --scenario echo [--target sockeye] [--top 30] [--keep folder]

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readOptions, wholeNumber } from "../kit/command-line.mjs";
import { describeSurroundings, surroundings } from "../kit/surroundings.mjs";
import { runOnce } from "../one-run.mjs";
import { pickScenarios } from "../scenarios.mjs";
import { pickTargets } from "../targets.mjs";
import { readCpuProfile } from "./cpu-profile.mjs";

const MEASURE_MS = 4000;
/** Connections of a storm. */
const TOTAL = 6000;

const values = readOptions({
  scenario: { type: "string", default: "echo" },
  target: { type: "string", default: "sockeye" },
  top: { type: "string", default: "30" },
  keep: { type: "string" },
});
console.log(`${describeSurroundings(surroundings("bench:profile"))}\n`);
const folder = values.keep ?? (await mkdtemp(join(tmpdir(), "bench-profile-")));

/** @param {import("./cpu-profile.mjs").Share} share */
function line({ name, share }) {
  return `${(share * 100).toFixed(1).padStart(6)} %  ${name}`;
}

const top = wholeNumber("top", values.top);
for (const scenario of pickScenarios(values.scenario)) {
  for (const target of pickTargets(values.target)) {
    const longer = { ...scenario, plan: { ...scenario.plan, measureMs: MEASURE_MS, total: TOTAL } };
    const profile = join(folder, `${scenario.name}-${target.name}.cpuprofile`);
    const { serverMicros } = await runOnce(target, longer, { isQuick: false, profile });
    const { functions, origins, stacks } = readCpuProfile(profile);
    const title = `${scenario.name}, ${target.name}: ${serverMicros.toFixed(2)} µs per ${scenario.unit}`;
    console.log(`### ${title} (with the profiler)\n`);
    console.log(origins.slice(0, 12).map(line).join("\n"));
    console.log(`\nfunctions by their own time\n\n${functions.slice(0, top).map(line).join("\n")}`);
    console.log(`\nwith all that they call\n\n${stacks.slice(0, top).map(line).join("\n")}\n`);
  }
}
if (values.keep === undefined) await rm(folder, { recursive: true });
