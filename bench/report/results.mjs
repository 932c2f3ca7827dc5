// From runs to results: medians over repetitions, and ratios to the base within each repetition.

import { median } from "../kit/statistics.mjs";

/**
 * @typedef {{ result: import("../one-run.mjs").RunResult } | { error: string }} Run
 *
 * @typedef {object} TargetResult
 * @property {string} target
 * @property {number} cost CPU microseconds per unit, or KiB of resident memory per connection
 * @property {number} least
 * @property {number} most
 * @property {number} ratio how many times less than the base; NaN without one
 * @property {number} perSecond
 * @property {number} medianMicros
 * @property {boolean} isSaturated whether the generator was in any run
 * @property {string[]} errors
 *
 * @typedef {object} ScenarioResult
 * @property {import("../scenarios.mjs").Scenario} scenario
 * @property {TargetResult[]} targets
 * @property {Record<string, Run[]>} runs by target, in the order of repetitions
 */

/** @param {Run | undefined} run */
function costOf(run) {
  if (run === undefined || "error" in run) return Number.NaN;
  return run.result.memory?.rss ?? run.result.serverMicros;
}

/**
 * What the runs of one scenario come to.
 * @param {import("../scenarios.mjs").Scenario} scenario
 * @param {Record<string, Run[]>} runs
 * @param {string} base name of the target that ratios refer to
 * @returns {ScenarioResult}
 */
export function summarise(scenario, runs, base) {
  const targets = Object.entries(runs).map(([target, own]) => {
    const costs = own.map(costOf);
    const finite = costs.filter(Number.isFinite);
    const good = own.flatMap((run) => ("error" in run ? [] : [run.result]));
    return {
      target,
      cost: median(costs),
      least: Math.min(...finite),
      most: Math.max(...finite),
      ratio: median(costs.map((cost, at) => costOf(runs[base]?.[at]) / cost)),
      perSecond: median(good.map(({ perSecond }) => perSecond)),
      medianMicros: median(good.map(({ medianMicros = Number.NaN }) => medianMicros)),
      isSaturated: good.some(({ isSaturated }) => isSaturated),
      errors: own.flatMap((run) => ("error" in run ? [run.error] : [])),
    };
  });
  return { scenario, targets, runs };
}

/**
 * Whether ours is where it should be.
 * @param {ScenarioResult} result
 * @param {string} ours
 * @returns {"goal" | "floor" | "below" | "failed" | "not measured"}
 */
export function verdict({ scenario, targets }, ours) {
  const own = targets.find(({ target }) => target === ours);
  if (own === undefined) return "not measured";
  if (own.errors.length > 0) return "failed";
  const isSize = scenario.plan.mode === "idle";
  const value = isSize ? own.cost : own.ratio;
  if (!Number.isFinite(value)) return "not measured";
  const reaches = (/** @type {number} */ mark) => (isSize ? value <= mark : value >= mark);
  if (reaches(scenario.goal)) return "goal";
  return reaches(scenario.floor) ? "floor" : "below";
}
