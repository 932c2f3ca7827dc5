// `npm run bench:first-event`: how long a client waits for its first event when a round trip takes 60 ms, ours
// beside Socket.IO's, each with its own server; on Node, in Chromium and in Firefox; with default transports, with
// explicit lists, and where a proxy swallows WebSocket upgrades. Every attempt is a fresh process or a fresh
// profile, which then connects a second time.
//
//   npm run bench:first-event
//   npm run bench:first-event -- --attempts 5 --clients node --rtt 60 --json first-event.json

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Child } from "../kit/child.mjs";
import { readOptions, refuse, wholeNumber } from "../kit/command-line.mjs";
import { median } from "../kit/statistics.mjs";
import { describeSurroundings, surroundings } from "../kit/surroundings.mjs";
import { table } from "../report/table.mjs";
import { CLIENTS } from "./clients.mjs";
import { startDelayingProxy } from "./delaying-proxy.mjs";

/**
 * @typedef {object} Pair
 * @property {string} name
 * @property {string} server module
 * @property {string} client module
 *
 * @typedef {object} Case
 * @property {string} name
 * @property {object} options of the client
 * @property {"pass" | "swallow"} upgrades
 * @property {Pair[]} pairs
 */

/** @type {Pair[]} */
const PAIRS = [
  { name: "sockeye", server: "@sockeye/node", client: "@sockeye/client" },
  { name: "socket.io", server: "socket.io", client: "socket.io-client" },
];
/** What Node and browsers need for the same two round trips. @type {Pair} */
const BARE = { name: "a WebSocket alone", server: "@sockeye/node", client: "ws" };

/** @type {Case[]} */
const CASES = [
  { name: "default transports", options: {}, upgrades: "pass", pairs: PAIRS },
  {
    name: "WebSocket only",
    options: { transports: ["websocket"] },
    upgrades: "pass",
    pairs: [BARE, ...PAIRS],
  },
  {
    name: "polling, then WebSocket",
    options: { transports: ["polling", "websocket"] },
    upgrades: "pass",
    pairs: PAIRS,
  },
  { name: "default, upgrades swallowed", options: {}, upgrades: "swallow", pairs: PAIRS },
];

/**
 * One attempt of one pair: the first connection and the second.
 * @param {import("./clients.mjs").Client} client
 * @param {{ pair: Pair, port: number, situation: Case, delayMs: number }} how
 */
async function attempt(client, { delayMs, pair, port, situation }) {
  const proxy = await startDelayingProxy({ port, delayMs, upgrades: situation.upgrades });
  try {
    const plan = { module: pair.client, port: proxy.port, options: situation.options, attempts: 2 };
    return await client.connect(plan);
  } finally {
    proxy.close();
  }
}

/**
 * All attempts of one case with one client, the pairs by turns.
 * @param {import("./clients.mjs").Client} client
 * @param {Case} situation
 * @param {ReadonlyMap<string, number>} ports of the servers
 */
async function timed(client, situation, ports) {
  const { pairs } = situation;
  const times = pairs.map((pair) => {
    return { pair, events: /** @type {import("./first-event.mjs").FirstEvent[][]} */ ([]) };
  });
  // One more than are counted: at first the server's and the browser's own code is cold.
  for (let count = 0; count <= attempts; count++) {
    for (const { pair, events } of times) {
      const port = ports.get(pair.server) ?? 0;
      const made = await attempt(client, { pair, port, situation, delayMs });
      if (count > 0) events.push(made);
    }
  }
  return times;
}

/** @param {readonly (import("./first-event.mjs").FirstEvent | undefined)[]} events */
function describe(events) {
  const known = events.filter((event) => event !== undefined);
  const times = known.map(({ milliseconds }) => milliseconds);
  const transports = [...new Set(known.map(({ transport }) => transport))].join(", ");
  const range = `${Math.min(...times).toFixed(0)}…${Math.max(...times).toFixed(0)}`;
  return [`${median(times).toFixed(0)} (${range})`, transports];
}

const values = readOptions({
  attempts: { type: "string", default: "7" },
  clients: { type: "string", default: "node,chromium,firefox" },
  rtt: { type: "string", default: "60" },
  json: { type: "string" },
});
const attempts = wholeNumber("attempts", values.attempts);
const delayMs = wholeNumber("rtt", values.rtt, 0) / 2;
const names = /** @type {(keyof typeof CLIENTS)[]} */ (values.clients.split(","));
for (const name of names) {
  if (!Object.hasOwn(CLIENTS, name)) refuse(`--clients: ${Object.keys(CLIENTS)}, not "${name}"`);
}
const about = surroundings("bench:first-event");
console.log(`${describeSurroundings(about)}\n`);
const servers = new Map(
  PAIRS.map(({ server: module }) => {
    return [module, new Child({ file: join(import.meta.dirname, "server.mjs"), plan: { module } })];
  }),
);
const results = [];
try {
  /** @type {Map<string, number>} */
  const ports = new Map();
  for (const [module, server] of servers) {
    ports.set(module, Number((await server.reported("ready"))["port"]));
  }
  for (const name of names) {
    // One after the other: a browser that is open costs Node's client up to 5 ms, even if it does nothing.
    const client = await CLIENTS[name]();
    if (client === undefined) {
      console.log(`${name} was not found: left out\n`);
      continue;
    }
    const rows = [[client.name, "pair", "first event, ms", "by", "second time, ms", "by"]];
    try {
      for (const situation of CASES) {
        for (const { pair, events } of await timed(client, situation, ports)) {
          const first = describe(events.map(([event]) => event));
          const second = describe(events.map(([, event]) => event));
          rows.push([situation.name, pair.name, ...first, ...second]);
          results.push({ case: situation.name, client: client.name, pair: pair.name, events });
        }
      }
    } finally {
      await client.close();
    }
    console.log(`${table(rows)}\n`);
  }
  if (values.json !== undefined) {
    writeFileSync(values.json, `${JSON.stringify({ about, results }, null, 2)}\n`);
  }
} finally {
  for (const server of servers.values()) await server.end();
}
