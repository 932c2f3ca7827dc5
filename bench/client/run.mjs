// `npm run bench:client`: CPU of the client per message, ours beside Socket.IO's, on Node, the two taking turns against
// the same server; and what it costs to join 10, 100 and 1,000 namespaces over one connection.
//
//   npm run bench:client -- --repetitions 3 --json client.json
//   npm run bench:client -- --rows "lone" --seconds 1 --profile folder
//
// `--rows` is an expression that the names of rows must match, `--profile` a folder for CPU profiles of the clients.
// With `--assert`, the program fails when a goal is missed.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Child } from "../kit/child.mjs";
import { readOptions, wholeNumber } from "../kit/command-line.mjs";
import { exponent, median, short } from "../kit/statistics.mjs";
import { describeSurroundings, surroundings } from "../kit/surroundings.mjs";
import { LOAD_CORE, SERVER_CORE, startTarget } from "../one-run.mjs";
import { table } from "../report/table.mjs";
import { pickTargets } from "../targets.mjs";
import { LOADS } from "./loads.mjs";

const CLIENTS = { sockeye: "@sockeye/client", "socket.io": "socket.io-client" };
const NAMESPACES = { name: "namespaces", sizes: [10, 100, 1000], rounds: 10 };
/** Twice as much work may cost as much more as chance may add. */
const MOST_EXPONENT = 1.15;

const values = readOptions({
  repetitions: { type: "string", default: "3" },
  seconds: { type: "string", default: "2" },
  rows: { type: "string", default: "" },
  profile: { type: "string" },
  json: { type: "string" },
  assert: { type: "boolean", default: false },
});
const repetitions = wholeNumber("repetitions", values.repetitions);
const measureMs = wholeNumber("seconds", values.seconds) * 1000;
const wanted = new RegExp(values.rows);
/** @type {string[]} */
const missed = [];

/**
 * Runs a client once; returns its result.
 * @param {string} file
 * @param {object} plan
 */
async function runClient(file, plan) {
  const flags =
    values.profile === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${values.profile}`];
  const child = new Child({ file: join(import.meta.dirname, file), plan, flags, core: LOAD_CORE });
  try {
    const result = await child.reported("result");
    if (result["error"] !== undefined) throw new Error(String(result["error"]));
    return result;
  } finally {
    await child.end();
  }
}

/**
 * CPU per message of both clients under one load, in microseconds, one value for each repetition.
 * @param {import("./loads.mjs").Load} load
 */
async function messageCosts(load) {
  const [target] = pickTargets("sockeye");
  if (target === undefined) throw new Error("ours is missing");
  /** @type {Record<keyof typeof CLIENTS, number[]>} */
  const costs = { sockeye: [], "socket.io": [] };
  for (let repetition = 0; repetition < repetitions; repetition++) {
    for (const [client, module] of Object.entries(CLIENTS)) {
      const server = await startTarget(target);
      try {
        const plan = { ...load, module, measureMs, port: server.port };
        const { micros } = await runClient("message-client.mjs", plan);
        costs[/** @type {keyof typeof CLIENTS} */ (client)].push(Number(micros));
      } finally {
        await server.child.end();
      }
    }
  }
  return costs;
}

async function measureMessages() {
  const rows = [["message", "socket.io-client, µs", "ours, µs", "theirs / ours", "goal"]];
  const results = [];
  for (const load of LOADS.filter(({ name }) => wanted.test(name))) {
    const costs = await messageCosts(load);
    const { sockeye: ours, "socket.io": theirs } = costs;
    const ratio = median(theirs.map((cost, at) => cost / (ours[at] ?? Number.NaN)));
    const isMet = ratio >= load.goal;
    if (!isMet) missed.push(`${load.name}: ${short(ratio)} instead of ${load.goal}`);
    rows.push([load.name, ...[median(theirs), median(ours), ratio, load.goal].map(short)]);
    results.push({ name: load.name, ...costs, ratio, goal: load.goal });
  }
  if (results.length > 0) console.log(`${table(rows)}\n`);
  return results;
}

async function measureNamespaces() {
  if (!wanted.test(NAMESPACES.name)) return [];
  const { rounds, sizes } = NAMESPACES;
  const head = ["CPU in milliseconds", ...sizes.map((size) => `${size}`), "exponent"];
  const rows = [head];
  const results = [];
  const file = join(import.meta.dirname, "namespace-server.mjs");
  const server = new Child({ file, core: SERVER_CORE });
  try {
    const { port } = await server.reported("ready");
    for (const [client, module] of Object.entries(CLIENTS)) {
      const found = [];
      for (const count of sizes) {
        const plan = { count, module, port, rounds };
        found.push({ count, ...(await runClient("namespace-client.mjs", plan)) });
      }
      for (const [what, key] of [
        ["joining", "openMs"],
        ["leaving", "closeMs"],
      ]) {
        const costs = found.map((each) => Number(/** @type {any} */ (each)[key ?? ""]));
        const slope = exponent(costs.map((cost, at) => ({ size: sizes[at] ?? 1, cost })));
        rows.push([`${client}, ${what} so many namespaces`, ...costs.map(short), short(slope)]);
        results.push({ client, what, sizes, costs, exponent: slope });
        if (client === "sockeye" && slope > MOST_EXPONENT) {
          missed.push(`${what} namespaces: exponent ${short(slope)}`);
        }
      }
    }
  } finally {
    await server.end();
  }
  console.log(`${table(rows)}\n`);
  return results;
}

const about = surroundings("bench:client");
console.log(`${describeSurroundings(about)}\n`);
const results = { messages: await measureMessages(), namespaces: await measureNamespaces() };
for (const each of missed) console.log(`goal missed: ${each}`);
if (values.assert && missed.length > 0) process.exitCode = 1;
if (values.json !== undefined) {
  writeFileSync(values.json, `${JSON.stringify({ about, ...results }, null, 2)}\n`);
}
