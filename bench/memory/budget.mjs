// What an idle connection of ours may cost at most, as a check: objects and bytes in the heap, from snapshots.
// Not a matter of time: the numbers vary by a few bytes from run to run. Prints one line of JSON.
//
//   node bench/memory/budget.mjs [connections]

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pickTargets } from "../targets.mjs";
import { measureIdleCost } from "./idle-cost.mjs";

const CONNECTIONS = 500;

/** @type {{ objects: number, bytes: number }} */
const budget = JSON.parse(readFileSync(join(import.meta.dirname, "budget.json"), "utf8"));
const [ours] = pickTargets("sockeye");
if (ours === undefined) throw new Error("ours is missing");
const cost = await measureIdleCost(ours, Number(process.argv[2] ?? CONNECTIONS));
const { bytes, objects } = cost;
const dearest = cost.classes
  .slice(0, 12)
  .map(({ bytes: size, count, name }) => `${size.toFixed(0)} B in ${count.toFixed(2)} × ${name}`);
console.log(JSON.stringify({ objects, bytes, budget, dearest }));
process.exitCode = objects <= budget.objects && bytes <= budget.bytes ? 0 : 1;
