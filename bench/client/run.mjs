// `npm run bench:client`: CPU of the client per echoed message, ours beside Socket.IO's, on Node, the two taking
// turns against the same server.
//
//   npm run bench:client -- --repetitions 3 --json client.json

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Child } from "../kit/child.mjs";
import { readOptions, wholeNumber } from "../kit/command-line.mjs";
import { median, short } from "../kit/statistics.mjs";
import { describeSurroundings, surroundings } from "../kit/surroundings.mjs";
import { LOAD_CORE, startTarget } from "../one-run.mjs";
import { table } from "../report/table.mjs";
import { pickTargets } from "../targets.mjs";

const CLIENTS = { sockeye: "@sockeye/client", "socket.io": "socket.io-client" };
const WEBSOCKET = { transports: ["websocket"] };
const CASES = [
  { name: "text, 1 in flight on 20 connections", payload: "text", connections: 20, window: 1 },
  { name: "text, 16 in flight on 5 connections", payload: "text", connections: 5, window: 16 },
  { name: "an object, 1 in flight on 20", payload: "object", connections: 20, window: 1 },
  { name: "binary of 1 KiB, 1 in flight on 20", payload: "binary", connections: 20, window: 1 },
  {
    name: "text over polling, 1 in flight on 20",
    payload: "text",
    connections: 20,
    window: 1,
    transports: ["polling"],
  },
];

const values = readOptions({
  repetitions: { type: "string", default: "3" },
  seconds: { type: "string", default: "2" },
  json: { type: "string" },
});
const repetitions = wholeNumber("repetitions", values.repetitions);
const seconds = wholeNumber("seconds", values.seconds);
const about = surroundings("bench:client");
console.log(`${describeSurroundings(about)}\n`);
const [target] = pickTargets("sockeye");
if (target === undefined) throw new Error("ours is missing");
const rows = [["case", "socket.io-client, µs", "ours, µs", "theirs / ours"]];
const results = [];
for (const { name, ...load } of CASES) {
  /** @type {Record<string, number[]>} */
  const costs = { sockeye: [], "socket.io": [] };
  for (let repetition = 0; repetition < repetitions; repetition++) {
    for (const [client, module] of Object.entries(CLIENTS)) {
      const server = await startTarget(target);
      const measureMs = seconds * 1000;
      const file = join(import.meta.dirname, "echo-client.mjs");
      const plan = { ...WEBSOCKET, ...load, module, measureMs, port: server.port };
      const child = new Child({ file, plan, core: LOAD_CORE });
      try {
        const { error, micros } = await child.reported("result");
        if (error !== undefined) throw new Error(String(error));
        costs[client]?.push(Number(micros));
      } finally {
        await child.end();
        await server.child.end();
      }
    }
  }
  const { sockeye: ours = [], "socket.io": theirs = [] } = costs;
  const ratio = median(theirs.map((cost, at) => cost / (ours[at] ?? Number.NaN)));
  rows.push([name, short(median(theirs)), short(median(ours)), short(ratio)]);
  results.push({ name, ...costs, ratio });
}
console.log(table(rows));
if (values.json !== undefined) {
  writeFileSync(values.json, `${JSON.stringify({ about, results }, null, 2)}\n`);
}
