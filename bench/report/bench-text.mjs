// The benchmark's results as tables for people: one for all scenarios, one per scenario for details.

import { short } from "../kit/statistics.mjs";
import { verdict } from "./results.mjs";
import { table } from "./table.mjs";

/**
 * One row per scenario.
 * @param {readonly import("./results.mjs").ScenarioResult[]} results
 * @param {{ base: string, ours: string }} names
 */
export function overview(results, { base, ours }) {
  const names = [...new Set(results.flatMap(({ targets }) => targets.map((each) => each.target)))];
  const others = names.filter((name) => name !== base);
  const head = ["scenario", `${base}`, ...others, "floor", "goal", ours];
  const rows = results.map((result) => {
    const isSize = result.scenario.plan.mode === "idle";
    const ratios = others.map((name) => {
      const target = result.targets.find((each) => each.target === name);
      if (target === undefined) return "";
      return isSize ? `${short(target.cost)} KiB` : `× ${short(target.ratio)}`;
    });
    const reference = result.targets.find(({ target }) => target === base);
    const cost = `${short(reference?.cost ?? Number.NaN)} ${isSize ? "KiB" : "µs"}`;
    const { floor, goal, name } = result.scenario;
    return [name, cost, ...ratios, String(floor), String(goal), verdict(result, ours)];
  });
  return table([head, ...rows]);
}

/**
 * All targets of one scenario.
 * @param {import("./results.mjs").ScenarioResult} result
 * @param {string} base
 */
export function details({ scenario, targets }, base) {
  const isSize = scenario.plan.mode === "idle";
  const cost = isSize ? "KiB each" : `CPU µs per ${scenario.unit}`;
  const head = ["target", cost, "least … most", `${base} / it`, "per second", "median µs", ""];
  const rows = targets.map((each) => [
    each.target,
    short(each.cost),
    `${short(each.least)} … ${short(each.most)}`,
    short(each.ratio),
    short(each.perSecond),
    short(each.medianMicros),
    [...(each.isSaturated ? ["SAT"] : []), ...each.errors.map((error) => `ERROR ${error}`)].join(
      " ",
    ),
  ]);
  return `### ${scenario.name}: ${scenario.about}\n\n${table([head, ...rows])}`;
}
