// `npm run bench:hosts`: each of our hosts beside Socket.IO on the same runtime and beside the runtime alone. Prints CPU of
// the server per message, and how many times less it is than Socket.IO's on ws and than the bare runtime's.
//
//   npm run bench:hosts                                            all that is installed, 3 repetitions
//   npm run bench:hosts -- --platforms Bun,Deno --quick            of some runtimes, short runs, 1 repetition
//   npm run bench:hosts -- --scenarios echo,broadcast --repetitions 5 --json hosts.json
//   npm run bench:hosts -- --from hosts.json                       prints results anew, measures nothing

import { readFileSync, writeFileSync } from "node:fs";
import { measure } from "../course.mjs";
import { readOptions, refuse, wholeNumber } from "../kit/command-line.mjs";
import { preparePeers } from "../kit/peers.mjs";
import { demandProcessFigures } from "../kit/process-figures.mjs";
import { describeSurroundings, surroundings } from "../kit/surroundings.mjs";
import { hostsTable } from "../report/hosts-text.mjs";
import { summarise } from "../report/results.mjs";
import { pickScenarios } from "../scenarios.mjs";

/** Ratios are against this one. */
const BASE = "socket.io";

const values = readOptions({
  platforms: { type: "string" },
  scenarios: { type: "string" },
  repetitions: { type: "string" },
  quick: { type: "boolean", default: false },
  json: { type: "string" },
  from: { type: "string" },
});

// Before the table of targets is loaded, which says what is there.
if (values.from === undefined) await preparePeers();
const { targets } = await import("../targets.mjs");

/** The targets of the platforms that were asked for, with what ratios are against. */
function chosenTargets() {
  const platforms = [...new Set(targets.map(({ platform }) => platform))];
  const wanted = values.platforms?.split(",") ?? platforms;
  const unknown = wanted.find((name) => !platforms.some((platform) => platform === name));
  if (unknown !== undefined) refuse(`no platform "${unknown}"; there are ${platforms.join(", ")}`);
  for (const { missing, name } of targets) {
    if (missing !== undefined) console.log(`not measured: ${name} needs ${missing}`);
  }
  return targets.filter(
    ({ missing, name, platform }) =>
      missing === undefined && (name === BASE || wanted.includes(platform)),
  );
}

async function measureAll() {
  demandProcessFigures();
  const repetitions = wholeNumber("repetitions", values.repetitions ?? (values.quick ? "1" : "3"));
  const course = { targets: chosenTargets(), repetitions, isQuick: values.quick };
  const about = surroundings("bench:hosts");
  const results = [];
  for (const scenario of pickScenarios(values.scenarios)) {
    results.push(summarise(scenario, await measure(scenario, course), BASE));
  }
  const measured = { about, results };
  if (values.json !== undefined) {
    writeFileSync(values.json, `${JSON.stringify(measured, null, 2)}\n`);
  }
  return measured;
}

const { about, results } =
  values.from === undefined ? await measureAll() : JSON.parse(readFileSync(values.from, "utf8"));
console.log(`${describeSurroundings(about)}\n`);
console.log(hostsTable(results, { base: BASE, targets }));
const wrong = results.flatMap(
  (/** @type {import("../report/results.mjs").ScenarioResult} */ result) =>
    result.targets.flatMap(({ errors, target }) =>
      errors.map((error) => `${result.scenario.name}, ${target}: ${error}`),
    ),
);
for (const line of wrong) console.log(`ERROR ${line}`);
process.exitCode = wrong.length > 0 ? 1 : 0;
