// `npm run bench:growth`: how costs grow with the number of connections, of a room's members, of a socket's
// rooms, of namespaces, of listeners. In this process, without a network: only our own code is measured.
// Fails when what should be constant grows, or anything grows worse than in proportion.
//
//   npm run bench:growth
//   npm run bench:growth -- --groups room-size,listeners --svg docs/images --json growth.json

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readOptions, refuse } from "../kit/command-line.mjs";
import { exponent, short } from "../kit/statistics.mjs";
import { describeSurroundings, surroundings } from "../kit/surroundings.mjs";
import { linePlot } from "../report/plot.mjs";
import { table } from "../report/table.mjs";
import { groups } from "./groups.mjs";

/**
 * The largest exponents: memory further away costs more, so a cost may double from 100 to 20,000, and a little
 * more. What is quadratic has 2.
 */
const MOST = { constant: 0.2, linear: 1.3, shown: Number.POSITIVE_INFINITY };

/**
 * @typedef {object} Grown
 * @property {import("./groups.mjs").Line} line
 * @property {{ size: number, cost: number }[]} points
 * @property {number} exponent
 * @property {boolean} isWell
 */

/**
 * @param {import("./groups.mjs").Group} group
 * @returns {Grown[]}
 */
function measure(group) {
  // Once for the compiler, so that the first size is not dearer than the rest.
  group.measure(group.sizes[1] ?? 1);
  const costs = group.sizes.map((size) => ({ size, at: group.measure(size) }));
  return group.lines.map((line) => {
    const points = costs
      .map(({ at, size }) => ({ size, cost: at[line.name] ?? Number.NaN }))
      .filter(({ cost }) => Number.isFinite(cost));
    const grows = exponent(points);
    return { line, points, exponent: grows, isWell: grows <= MOST[line.growth] };
  });
}

/**
 * @param {import("./groups.mjs").Group} group
 * @param {readonly Grown[]} results
 */
function describe(group, results) {
  const head = [group.axis, ...group.sizes.map(String), "exponent", "verdict"];
  const rows = results.map(({ exponent: grows, isWell, line, points }) => {
    const costs = group.sizes.map((size) => points.find((point) => point.size === size)?.cost);
    const verdict = isWell ? line.growth : `NOT ${line.growth}`;
    return [
      line.name,
      ...costs.map((cost) => short(cost ?? Number.NaN)),
      grows.toFixed(2),
      verdict,
    ];
  });
  return table([head, ...rows]);
}

const values = readOptions({
  groups: { type: "string" },
  json: { type: "string" },
  svg: { type: "string" },
});
const about = surroundings("bench:growth");
console.log(`${describeSurroundings(about)}\n\nnanoseconds each, best of several rounds\n`);
const names = values.groups?.split(",");
const known = groups.map(({ name }) => name);
const unknown = names?.find((name) => !known.includes(name));
if (unknown !== undefined) refuse(`no group "${unknown}"; there are ${known.join(", ")}`);
const chosen = groups.filter(({ name }) => names === undefined || names.includes(name));
const all = [];
for (const group of chosen) {
  const results = measure(group);
  all.push({ group: group.name, results });
  console.log(`${describe(group, results)}\n`);
  if (values.svg !== undefined) {
    const series = results.map(({ line, points }) => ({ name: line.name, points }));
    const texts = { title: `Cost against ${group.axis}`, axis: group.axis, unit: "ns each" };
    writeFileSync(join(values.svg, `bench-growth-${group.name}.svg`), linePlot(series, texts));
  }
}
const bad = all.flatMap(({ results }) => results.filter(({ isWell }) => !isWell));
if (values.json !== undefined) {
  writeFileSync(values.json, `${JSON.stringify({ about, all }, null, 2)}\n`);
}
console.log(
  bad.length === 0
    ? "What should be constant is, and nothing grows worse than in proportion."
    : `Grows too fast: ${bad.map(({ line }) => line.name).join("; ")}`,
);
process.exitCode = bad.length === 0 ? 0 : 1;
