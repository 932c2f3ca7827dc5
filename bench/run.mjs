// `npm run bench`: our server beside Socket.IO's, scenario by scenario, the targets taking turns within each.
// What counts is the CPU time of the server's process per message: on a shared machine it is what can be trusted.
//
//   npm run bench                                        all scenarios, all targets on Node, 3 repetitions
//   npm run bench -- --quick --scenarios echo,ack        shorter runs, 1 repetition
//   npm run bench -- --targets sockeye,socket.io --repetitions 5 --json bench.json --svg docs/images/bench.svg
//   npm run bench -- --from bench.json,more.json --svg docs/images/bench.svg      draws results anew, measures nothing
//   npm run bench -- --list

import { readFileSync, writeFileSync } from "node:fs";
import { measure } from "./course.mjs";
import { readOptions, wholeNumber } from "./kit/command-line.mjs";
import { demandProcessFigures } from "./kit/process-figures.mjs";
import { describeSurroundings, surroundings } from "./kit/surroundings.mjs";
import { benchChart } from "./report/bench-chart.mjs";
import { details, overview } from "./report/bench-text.mjs";
import { summarise, verdict } from "./report/results.mjs";
import { pickScenarios, scenarios } from "./scenarios.mjs";
import { pickTargets, targets } from "./targets.mjs";

const OURS = "sockeye";

/**
 * @typedef {object} Results
 * @property {import("./kit/surroundings.mjs").Surroundings} about
 * @property {import("./report/results.mjs").ScenarioResult[]} results
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
    from: { type: "string" },
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

/**
 * Measures what was asked for.
 * @param {ReturnType<typeof readSettings>} settings
 * @returns {Promise<Results>}
 */
async function measureAll({ base, json, quick: isQuick, repetitions, ...names }) {
  demandProcessFigures();
  const able = pickTargets(names.targets);
  const todo = pickScenarios(names.scenarios);
  const about = surroundings("bench");
  console.log(`${describeSurroundings(about)}\n`);
  const results = [];
  for (const scenario of todo) {
    const runs = await measure(scenario, { targets: able, repetitions, isQuick });
    results.push(summarise(scenario, runs, base));
  }
  if (json !== undefined) {
    writeFileSync(json, `${JSON.stringify({ about, results }, null, 2)}\n`);
  }
  return { about, results };
}

/**
 * Reads what was measured before.
 * @param {string} files separated by commas
 * @returns {Results}
 */
function readAll(files) {
  const all = files.split(",").map((file) => JSON.parse(readFileSync(file, "utf8")));
  for (const { about } of all) console.log(`${describeSurroundings(about)}\n`);
  return { about: all[0].about, results: all.flatMap(({ results }) => results) };
}

const settings = readSettings();
const { base, from, svg } = settings;
if (settings.list) list();
else {
  const { about, results } = from === undefined ? await measureAll(settings) : readAll(from);
  for (const result of results) console.log(`\n${details(result, base)}`);
  console.log(`\n${overview(results, { base, ours: OURS })}`);
  if (svg !== undefined) writeFileSync(svg, benchChart(results, { base, ours: OURS, about }));
  const below = results.filter((result) => verdict(result, OURS) === "below");
  if (below.length > 0) {
    console.log(`\nbelow the floor: ${below.map(({ scenario }) => scenario.name).join(", ")}`);
  }
  const isWrong = results.some((result) => result.targets.some(({ errors }) => errors.length > 0));
  process.exitCode = isWrong ? 1 : 0;
}
