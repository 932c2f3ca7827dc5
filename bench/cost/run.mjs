// `npm run bench:cost`: what a server pays for what clients send, as it doubles, with Socket.IO beside it; what it holds of
// input that is not finished; and whether connections that it turns down are gone. Fails where our server's CPU more than
// doubles, a multiple is too large, or a descriptor is held.
//
//   npm run bench:cost
//   npm run bench:cost -- --only pieces,chunks --json cost.json

import { writeFileSync } from "node:fs";
import { readOptions, wholeNumber } from "../kit/command-line.mjs";
import { cpuSeconds, demandProcessFigures } from "../kit/process-figures.mjs";
import { exponent, short } from "../kit/statistics.mjs";
import { describeSurroundings, surroundings } from "../kit/surroundings.mjs";
import { startTarget } from "../one-run.mjs";
import { table } from "../report/table.mjs";
import { pickTargets } from "../targets.mjs";
import { measureDescriptors, measureHeld } from "./held.mjs";
import { inputs } from "./inputs.mjs";

/** The most that twice the input may cost: linear, and what noise and memory further away add. */
const MOST_PER_DOUBLING = 2.3;
/** The most memory that may be held for a byte that has come. */
const MOST_HELD = 5;

/**
 * CPU of a server in milliseconds, by size: the best of several rounds.
 * @param {import("../targets.mjs").Target} target
 * @param {import("./inputs.mjs").Input} input
 * @param {number} rounds
 */
async function measure(target, { feed, name, server, sizes, times = 1 }, rounds) {
  const { child, port } = await startTarget(target, server === undefined ? {} : { server });
  try {
    // For the compiler.
    for (let count = 0; count < 3; count++) await feed(port, sizes[0] ?? 1, times);
    const points = [];
    for (const size of sizes) {
      let cost = Number.POSITIVE_INFINITY;
      for (let round = 0; round < rounds; round++) {
        const before = cpuSeconds(child.pid);
        await feed(port, size, times);
        cost = Math.min(cost, 1000 * (cpuSeconds(child.pid) - before));
      }
      points.push({ size, cost });
    }
    return points;
  } catch (error) {
    throw new Error(`${target.name}, ${name}: ${child.failure ?? "failed"}`, { cause: error });
  } finally {
    await child.end();
  }
}

const values = readOptions({
  only: { type: "string" },
  json: { type: "string" },
  rounds: { type: "string", default: "3" },
});
demandProcessFigures();
const rounds = wholeNumber("rounds", values.rounds ?? "3");
const words = values.only?.split(",");
const isChosen = (/** @type {string} */ name) => words?.some((word) => name.includes(word)) ?? true;
const targets = pickTargets("sockeye,socket.io");
const about = surroundings("bench:cost");
console.log(`${describeSurroundings(about)}\n`);

/** @type {string[]} */
const failures = [];
const costs = [];
for (const input of inputs.filter(({ name }) => isChosen(name))) {
  process.stderr.write(`${input.name}\n`);
  /** @type {Record<string, { size: number, cost: number }[]>} */
  const points = {};
  for (const target of targets) points[target.name] = await measure(target, input, rounds);
  costs.push({ input, points });
}
/** @param {{ size: number, cost: number }[]} points */
const perDoubling = (points) => 2 ** exponent(points);
const rows = costs.map(({ input, points }) => {
  const ours = points["sockeye"] ?? [];
  const theirs = points["socket.io"] ?? [];
  const grows = perDoubling(ours);
  const ratio = (ours.at(-1)?.cost ?? 0) / (theirs.at(-1)?.cost ?? 1);
  if (grows > MOST_PER_DOUBLING) failures.push(`${input.name}: ${grows.toFixed(2)} per doubling`);
  if (ratio > (input.most ?? Number.POSITIVE_INFINITY)) {
    failures.push(`${input.name}: ${ratio.toFixed(2)} times Socket.IO`);
  }
  return [
    input.name,
    `${input.sizes[0]} to ${input.sizes.at(-1)} ${input.unit}`,
    ...[ours, theirs].map((each) => each.map(({ cost }) => short(cost)).join(" / ")),
    grows.toFixed(2),
    perDoubling(theirs).toFixed(2),
  ];
});
if (rows.length > 0) {
  const head = ["CPU, ms", "sizes", "ours", "Socket.IO", "per doubling", "Socket.IO"];
  console.log(`${table([head, ...rows])}\n`);
}

/**
 * Measures with every target, and prints a table.
 * @param {string} title
 * @param {(target: import("../targets.mjs").Target) => Promise<Record<string, number>>} measureAll
 * @param {number} most
 */
async function compare(title, measureAll, most) {
  if (!isChosen(title)) return;
  const results = [];
  for (const target of targets) results.push(await measureAll(target));
  const [ours = {}, theirs = {}] = results;
  for (const [name, value] of Object.entries(ours)) {
    if (value > most) failures.push(`${title}, ${name}: ${short(value)}`);
  }
  const lines = Object.entries(ours).map(([name, value]) => [
    name,
    short(value),
    short(theirs[name] ?? Number.NaN),
  ]);
  console.log(`${table([[title, "ours", "Socket.IO"], ...lines])}\n`);
}

await compare("bytes held for each byte that has come", measureHeld, MOST_HELD);
await compare("descriptors held after two seconds", measureDescriptors, 0);
if (values.json !== undefined) {
  writeFileSync(values.json, `${JSON.stringify({ about, costs }, null, 2)}\n`);
}
console.log(
  failures.length === 0
    ? "Nothing costs more than twice as much when it doubles, and nothing is held that should not be."
    : `Too much:\n${failures.join("\n")}`,
);
process.exitCode = failures.length === 0 ? 0 : 1;
