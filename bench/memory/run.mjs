// `npm run bench:memory`: what an idle connection costs, by class in the heap and as resident memory, ours
// beside Socket.IO's.
//
//   npm run bench:memory                                      1,000 connections by class, 10,000 resident
//   npm run bench:memory -- --targets sockeye --connections 500 --resident 0 --top 60 --json memory.json

import { writeFileSync } from "node:fs";
import { readOptions, wholeNumber } from "../kit/command-line.mjs";
import { demandProcessFigures } from "../kit/process-figures.mjs";
import { short } from "../kit/statistics.mjs";
import { describeSurroundings, surroundings } from "../kit/surroundings.mjs";
import { runOnce } from "../one-run.mjs";
import { table } from "../report/table.mjs";
import { pickScenarios } from "../scenarios.mjs";
import { pickTargets } from "../targets.mjs";
import { measureIdleCost } from "./idle-cost.mjs";

const LEAST_BYTES = 8;

/**
 * @param {import("./idle-cost.mjs").IdleCost} cost
 * @param {number} top how many classes
 */
function classTable(cost, top) {
  const rows = cost.classes
    .filter(({ bytes }) => bytes >= LEAST_BYTES)
    .slice(0, top)
    .map(({ bytes, count, name }) => [name, bytes.toFixed(0), count.toFixed(2)]);
  const total = ["all", cost.bytes.toFixed(0), `${cost.objects.toFixed(1)} objects`];
  return table([["class", "bytes", "count"], total, ...rows]);
}

/**
 * @param {import("../targets.mjs").Target} target
 * @param {number} connections
 */
async function residentEach(target, connections) {
  const [idle] = pickScenarios("idle");
  if (idle === undefined || connections === 0) return undefined;
  const scenario = { ...idle, plan: { ...idle.plan, connections } };
  const { memory } = await runOnce(target, scenario, { isQuick: false });
  return memory;
}

const values = readOptions({
  targets: { type: "string", default: "sockeye,socket.io,ws" },
  connections: { type: "string", default: "1000" },
  resident: { type: "string", default: "10000" },
  top: { type: "string", default: "30" },
  json: { type: "string" },
});
const connections = wholeNumber("connections", values.connections);
const held = wholeNumber("resident", values.resident, 0);
demandProcessFigures();
const about = surroundings("bench:memory");
console.log(`${describeSurroundings(about)}\n`);
const results = [];
for (const target of pickTargets(values.targets)) {
  const cost = await measureIdleCost(target, connections);
  console.log(`### ${target.name}: ${target.about}, per connection of ${cost.connections}\n`);
  console.log(`${classTable(cost, Number(values.top))}\n`);
  const resident = await residentEach(target, held);
  results.push({ ...cost, resident });
}
const rows = results.map(({ bytes, externalBytes, objects, resident, target }) => [
  target,
  objects.toFixed(1),
  bytes.toFixed(0),
  externalBytes.toFixed(0),
  short(resident?.rss ?? Number.NaN),
  short(resident?.anonymous ?? Number.NaN),
]);
const head = [
  "per connection",
  "objects",
  "heap bytes",
  "external bytes",
  "RSS KiB",
  "anonymous KiB",
];
console.log(`RSS with ${values.resident} connections.\n\n${table([head, ...rows])}`);
if (values.json !== undefined) {
  writeFileSync(values.json, `${JSON.stringify({ about, results }, null, 2)}\n`);
}
