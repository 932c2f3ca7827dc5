// The benchmark's results as the chart of the README: ours, and `ws` alone beside it.

import { barChart } from "./chart.mjs";

const SECOND = "ws";

/**
 * The chart of these results, `idle` left out: it is no time.
 * @param {readonly import("./results.mjs").ScenarioResult[]} results
 * @param {{ base: string, ours: string, about: import("../kit/surroundings.mjs").Surroundings }} how
 */
export function benchChart(results, { about, base, ours }) {
  const bars = results
    .filter(({ scenario }) => scenario.plan.mode !== "idle")
    .flatMap(({ scenario, targets: measured }) => {
      const ratioOf = (/** @type {string} */ name) =>
        measured.find(({ target }) => target === name)?.ratio ?? Number.NaN;
      const value = ratioOf(ours);
      const second = ratioOf(SECOND);
      const other = Number.isFinite(second) ? { other: second } : {};
      const bar = { label: scenario.name, value, mark: scenario.floor, ...other };
      return Number.isFinite(value) ? [bar] : [];
    });
  return barChart(bars, {
    title: `CPU of the server: how many times less than ${base}`,
    subtitle: `${base} ${about.versions[base] ?? ""} on ws = 1; Node ${about.node}; longer is better`,
    ours,
    other: "ws alone, no protocol",
  });
}
