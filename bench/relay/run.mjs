// `npm run bench:relay`: CPU of the server for an event that it passes on by `socket.relay`, beside the same event received by
// a listener and emitted again, in one run. Without a network, which is what a relay saves; and over WebSocket, where reading
// and writing cost the same both ways, beside the engine alone, which looks at nothing. Fails where a relay saves less than it
// must.
//
//   npm run bench:relay
//   npm run bench:relay -- --only bytes --rounds 9 --json relay.json

import { writeFileSync } from "node:fs";
import { readOptions, wholeNumber } from "../kit/command-line.mjs";
import { demandProcessFigures } from "../kit/process-figures.mjs";
import { short } from "../kit/statistics.mjs";
import { describeSurroundings, surroundings } from "../kit/surroundings.mjs";
import { table } from "../report/table.mjs";
import { measureInMemory } from "./in-memory.mjs";
import { messages } from "./messages.mjs";
import { measureOverNetwork } from "./over-network.mjs";

const values = readOptions({
  only: { type: "string" },
  json: { type: "string" },
  rounds: { type: "string", default: "5" },
  count: { type: "string", default: "400" },
});
demandProcessFigures();
const rounds = wholeNumber("rounds", values.rounds ?? "5");
const count = wholeNumber("count", values.count ?? "400");
const about = surroundings("bench:relay");
console.log(`${describeSurroundings(about)}\n`);

/** @type {string[]} */
const failures = [];
const results = [];
for (const message of messages.filter(({ name }) => name.includes(values.only ?? ""))) {
  const { least, name } = message;
  process.stderr.write(`${name}\n`);
  const inMemory = measureInMemory(message, rounds);
  const overNetwork = await measureOverNetwork(message, { rounds, count });
  results.push({ name, inMemory, overNetwork });
  const ratio = inMemory.listener / inMemory.relay;
  if (ratio < least) failures.push(`${name}: ${short(ratio)} times cheaper, ${least} demanded`);
}

/** @param {{ listener: number, relay: number }} cost */
const columns = ({ listener, relay }) => [short(listener), short(relay), short(listener / relay)];
const head = [
  "µs of CPU per event",
  "listener",
  "relay",
  "ratio",
  "over WebSocket",
  "relay",
  "ratio",
  "engine alone",
];
const rows = results.map(({ inMemory, name, overNetwork }) => [
  name,
  ...columns(inMemory),
  ...columns(overNetwork),
  short(overNetwork.engine),
]);
console.log(`${table([head, ...rows])}\n`);
if (values.json !== undefined) {
  writeFileSync(values.json, `${JSON.stringify({ about, results }, null, 2)}\n`);
}
console.log(failures.length === 0 ? "Every relay saves what it must." : failures.join("\n"));
process.exitCode = failures.length === 0 ? 0 : 1;
