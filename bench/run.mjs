// `npm run bench`: our server beside Socket.IO's, scenario by scenario, the targets taking turns within each.
// What counts is the CPU time of the server's process per message: on a shared machine it is what can be trusted.
//
//   npm run bench                                        all scenarios, all targets, 3 repetitions
//   npm run bench -- --quick --scenarios echo,ack        shorter runs, 1 repetition
//   npm run bench -- --targets sockeye,socket.io --repetitions 5 --json bench.json --svg docs/images/bench.svg
//   npm run bench -- --list

import { writeFileSync } from "node:fs";
import { readOptions, wholeNumber } from "./kit/command-line.mjs";
import { demandProcessFigures } from "./kit/process-figures.mjs";
import { short } from "./kit/statistics.mjs";
import { describeSurroundings, surroundings } from "./kit/surroundings.mjs";
import { runOnce } from "./one-run.mjs";
import { details, overview } from "./report/bench-text.mjs";
import { barChart } from "./report/chart.mjs";
import { summarise, verdict } from "./report/results.mjs";
import { pickScenarios, scenarios } from "./scenarios.mjs";
import { pickTargets, targets } from "./targets.mjs";

const OURS = "sockeye";
const SECOND = "ws";

/**
 * @typedef {object} Settings
 * @property {import("./targets.mjs").Target[]} targets
 * @property {import("./scenarios.mjs").Scenario[]} scenarios
 * @property {number} repetitions
 * @property {boolean} isQuick
 */

function readSettings() {
  const values = readOptions({
    targets: { type: "string" },
    scenarios: { type: "string" },
    repetitions: { type: "string" },
    base: { type: "string", default: "socket.io" },
    quick: { type: "boolean", default: false },
    json: { type: "string" },
    svg: { type: "string" },
    list: { type: "boolean", default: false },
  });
  const repetitions = values.repetitions ?? (values.quick ? "1" : "3");
  return { ...values, repetitions: wholeNumber("repetitions", repetitions) };
}

function list() {
  for (const { about, missing, name } of targets) {
    console.log(
      `${name.padEnd(18)}${about}${missing === undefined ? "" : `   (needs ${missing})`}`,
    );
  }
  console.log();
  for (const { about, name } of scenarios) console.log(`${name.padEnd(18)}${about}`);
}

/** @param {unknown} error */
function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}

/**
 * All repetitions of one scenario, the targets taking turns.
 * @param {import("./scenarios.mjs").Scenario} scenario
 * @param {Settings} settings
 */
async function measure(scenario, settings) {
  const able = settings.targets.filter(({ speaks }) => speaks !== "raw" || scenario.isForRaw);
  /** @type {Record<string, import("./report/results.mjs").Run[]>} */
  const runs = Object.fromEntries(able.map(({ name }) => [name, []]));
  for (let repetition = 1; repetition <= settings.repetitions; repetition++) {
    for (const target of able) {
      const label = `${scenario.name} ${repetition}/${settings.repetitions} ${target.name}`;
      try {
        const result = await runOnce(target, scenario, settings);
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

/**
 * @param {readonly import("./report/results.mjs").ScenarioResult[]} results
 * @param {{ base: string, about: import("./kit/surroundings.mjs").Surroundings }} how
 */
function chart(results, { about, base }) {
  const bars = results
    .filter(({ scenario }) => scenario.plan.mode !== "idle")
    .flatMap(({ scenario, targets: measured }) => {
      const ratioOf = (/** @type {string} */ name) =>
        measured.find(({ target }) => target === name)?.ratio ?? Number.NaN;
      const value = ratioOf(OURS);
      const second = ratioOf(SECOND);
      const other = Number.isFinite(second) ? { other: second } : {};
      const bar = { label: scenario.name, value, mark: scenario.floor, ...other };
      return Number.isFinite(value) ? [bar] : [];
    });
  return barChart(bars, {
    title: `CPU of the server: how many times less than ${base}`,
    subtitle: `${base} ${about.versions[base] ?? ""} on ws = 1; Node ${about.node}; longer is better`,
    ours: OURS,
    other: "ws alone, no protocol",
  });
}

const settings = readSettings();
if (settings.list) list();
else {
  demandProcessFigures();
  const { base, quick: isQuick, repetitions } = settings;
  const about = surroundings("bench");
  const chosen = pickTargets(settings.targets);
  const todo = pickScenarios(settings.scenarios);
  console.log(`${describeSurroundings(about)}\n`);
  const results = [];
  for (const scenario of todo) {
    const runs = await measure(scenario, {
      targets: chosen,
      scenarios: todo,
      repetitions,
      isQuick,
    });
    results.push(summarise(scenario, runs, base));
  }
  for (const result of results) console.log(`\n${details(result, base)}`);
  console.log(`\n${overview(results, { base, ours: OURS })}`);
  if (settings.json !== undefined) {
    writeFileSync(settings.json, `${JSON.stringify({ about, results }, null, 2)}\n`);
  }
  if (settings.svg !== undefined) writeFileSync(settings.svg, chart(results, { base, about }));
  const isWrong = results.some((result) => result.targets.some(({ errors }) => errors.length > 0));
  const below = results.filter((result) => verdict(result, OURS) === "below");
  if (below.length > 0) {
    console.log(`\nbelow the floor: ${below.map(({ scenario }) => scenario.name).join(", ")}`);
  }
  process.exitCode = isWrong ? 1 : 0;
}
