// The results of `npm run bench:hosts` as tables, one for each scenario: a row for each server, with its runtime.

import { short } from "../kit/statistics.mjs";
import { table } from "./table.mjs";

/**
 * @typedef {Pick<import("../targets.mjs").Target, "name" | "platform" | "speaks">} Named
 * @typedef {{ base: string, targets: readonly Named[] }} Names
 */

/**
 * All scenarios.
 * @param {readonly import("./results.mjs").ScenarioResult[]} results
 * @param {Names} names
 */
export function hostsTable(results, names) {
  return results.map((result) => scenarioTable(result, names)).join("\n\n");
}

/**
 * One scenario.
 * @param {import("./results.mjs").ScenarioResult} result
 * @param {Names} names
 */
function scenarioTable({ scenario, targets: measured }, { base, targets }) {
  const isSize = scenario.plan.mode === "idle";
  const cost = isSize ? "KiB each" : `CPU µs per ${scenario.unit}`;
  const head = [
    "runtime",
    "server",
    cost,
    "least … most",
    `${base} / it`,
    "bare / it",
    "per second",
  ];
  const rows = targets.flatMap(({ name, platform }) => {
    const own = measured.find(({ target }) => target === name);
    if (own === undefined) return [];
    const bare = targets.find((each) => each.platform === platform && each.speaks === "raw");
    const limit = measured.find(({ target }) => target === bare?.name);
    const perSecond = Number.isFinite(own.perSecond) ? short(own.perSecond) : "";
    return [
      [
        platform,
        name,
        own.errors.length > 0 ? "ERROR" : short(own.cost),
        `${short(own.least)} … ${short(own.most)}`,
        short(own.ratio),
        limit === undefined ? "" : short(limit.cost / own.cost),
        own.isSaturated ? `${perSecond} SAT` : perSecond,
      ],
    ];
  });
  return `### ${scenario.name}: ${scenario.about}\n\n${table([head, ...rows])}`;
}
