// All repetitions of a scenario, the targets taking turns: what is slow for a while is slow for all of them.

import { short } from "./kit/statistics.mjs";
import { runOnce } from "./one-run.mjs";

/**
 * @typedef {object} Course
 * @property {readonly import("./targets.mjs").Target[]} targets
 * @property {number} repetitions
 * @property {boolean} isQuick
 */

/** @param {unknown} error */
function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Runs one scenario, and prints each run as an error line.
 * @param {import("./scenarios.mjs").Scenario} scenario
 * @param {Course} course
 * @returns {Promise<Record<string, import("./report/results.mjs").Run[]>>} by target, in the order of repetitions
 */
export async function measure(scenario, course) {
  const able = course.targets.filter(({ speaks }) => speaks !== "raw" || scenario.isForRaw);
  /** @type {Record<string, import("./report/results.mjs").Run[]>} */
  const runs = Object.fromEntries(able.map(({ name }) => [name, []]));
  for (let repetition = 1; repetition <= course.repetitions; repetition++) {
    for (const target of able) {
      const label = `${scenario.name} ${repetition}/${course.repetitions} ${target.name}`;
      try {
        const result = await runOnce(target, scenario, course);
        runs[target.name]?.push({ result });
        console.error(`${label}: ${describe(result, scenario.unit)}`);
      } catch (error) {
        runs[target.name]?.push({ error: messageOf(error) });
        console.error(`${label}: ERROR ${messageOf(error)}`);
      }
    }
  }
  return runs;
}

/**
 * @param {import("./one-run.mjs").RunResult} result
 * @param {string} unit
 */
function describe(result, unit) {
  const { generatorShare, isSaturated, memory, perSecond, serverMicros, serverShare } = result;
  if (memory !== undefined) {
    return `${short(memory.rss)} KiB resident each, ${short(memory.heap)} KiB of it heap`;
  }
  const load = `server ${short(serverShare)}, generator ${short(generatorShare)} of a core`;
  const saturated = isSaturated ? " (SAT: the generator may have held it up)" : "";
  return `${short(serverMicros)} µs per ${unit}, ${short(perSecond)}/s, ${load}${saturated}`;
}
