// `npm run simulate:adopt`: conversations in which connections are taken down and set up again, compared with the same ones
// without. Needs the build. Prints each seed that differs, with the steps that are left of it, and fails then.
//
//   npm run simulate:adopt -- --seeds 1000
//   npm run simulate:adopt -- --from 682 --seeds 1
//   npm run simulate:adopt -- --faults

import { parseArgs } from "node:util";
import { conversationOf, faults, shortened, simulate } from "@sockeye/testkit/moving";

const { values } = parseArgs({
  options: {
    from: { type: "string", default: "1" },
    seeds: { type: "string", default: "1000" },
    faults: { type: "boolean", default: false },
  },
});
const first = Number(values.from);
const last = first + Number(values.seeds) - 1;

/** @param {import("@sockeye/testkit/moving").Outcome} outcome */
async function show({ failure, seed }) {
  const { setting, steps } = await shortened(conversationOf(seed));
  console.log(`seed ${seed} ${JSON.stringify(setting)}: ${failure}`);
  for (const step of steps) console.log(`  ${JSON.stringify(step)}`);
}

async function compareAll() {
  /** @type {Record<string, number>} */
  const moves = {};
  let [failed, entries] = [0, 0];
  for (let seed = first; seed <= last; seed++) {
    const outcome = await simulate(seed);
    entries += outcome.entries;
    for (const [what, times] of Object.entries(outcome.moves)) {
      moves[what] = (moves[what] ?? 0) + times;
    }
    if (outcome.failure === null) continue;
    failed += 1;
    await show(outcome);
  }
  const { "adopted sockets": sockets = 0, moved = 0, slept = 0, ...waits } = moves;
  console.log(`conversations     ${last - first + 1}, of which differ ${failed}`);
  console.log(`compared          ${entries} frames and events, with their times`);
  console.log(`moved             ${moved} connections with ${sockets} sockets`);
  console.log(`of these          with ${slept} servers that ended`);
  console.log(`not at once       ${JSON.stringify(waits)}`);
  return failed;
}

/** How many conversations each fault that is put in on purpose is found by. */
async function findFaults() {
  let missed = 0;
  for (const [name, fault] of Object.entries(faults)) {
    let found = 0;
    for (let seed = first; seed <= last; seed++) {
      if ((await simulate(seed, fault)).failure !== null) found += 1;
    }
    console.log(`${name}: found by ${found} of ${last - first + 1}`);
    if (found === 0) missed += 1;
  }
  return missed;
}

process.exitCode = (await (values.faults ? findFaults() : compareAll())) > 0 ? 1 : 0;
