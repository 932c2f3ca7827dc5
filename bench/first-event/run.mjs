// `npm run bench:first-event`: how long a client waits for its first event at some round trip, and what it costs the
// server: engine connections, calls of `allowRequest` and of middleware. Ours beside Socket.IO's, each with its own server;
// on Node, in Chromium and in Firefox; with default transports, with explicit lists, and where a proxy swallows WebSocket
// upgrades. Every attempt is a fresh process or a fresh profile, which then connects a second time.
//
//   npm run bench:first-event
//   npm run bench:first-event -- --round-trips 40,120,300 --tls --cases default,swallowed
//   npm run bench:first-event -- --attempts 5 --clients node --json first-event.json
//
// `--tls` measures over TLS as well, the handshake of which is delayed like everything else. `--crossed` adds our client on
// Socket.IO's server. With `--assert`, the program fails when a limit is missed.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Child } from "../kit/child.mjs";
import { readOptions, refuse, wholeNumber } from "../kit/command-line.mjs";
import { median } from "../kit/statistics.mjs";
import { describeSurroundings, surroundings } from "../kit/surroundings.mjs";
import { table } from "../report/table.mjs";
import { makeCertificate } from "./certificate.mjs";
import { CLIENTS } from "./clients.mjs";
import { startDelayingProxy } from "./delaying-proxy.mjs";
import { CASES, meanOf, missedBy, pairsFor } from "./plan.mjs";

/** After a round trip, for what is on its way to the server when the first event is there. */
const REST_MS = 50;

/**
 * @typedef {import("./plan.mjs").Measured} Measured
 *
 * @typedef {object} Network
 * @property {number} roundTripMs
 * @property {boolean} isSecure
 */

const values = readOptions({
  attempts: { type: "string", default: "5" },
  cases: { type: "string", default: Object.keys(CASES).join() },
  clients: { type: "string", default: Object.keys(CLIENTS).join() },
  "round-trips": { type: "string", default: "60" },
  tls: { type: "boolean", default: false },
  crossed: { type: "boolean", default: false },
  assert: { type: "boolean", default: false },
  json: { type: "string" },
});
const attempts = wholeNumber("attempts", values.attempts);

/**
 * Names of a list on the command line.
 * @param {"cases" | "clients"} option
 * @param {object} known
 */
function namesOf(option, known) {
  const names = values[option].split(",");
  for (const name of names) {
    if (!Object.hasOwn(known, name)) refuse(`--${option}: ${Object.keys(known)}, not "${name}"`);
  }
  return names;
}

const clientNames = /** @type {(keyof typeof CLIENTS)[]} */ (namesOf("clients", CLIENTS));
const cases = namesOf("cases", CASES).flatMap((name) => CASES[name] ?? []);
/** @type {Network[]} */
const networks = values["round-trips"].split(",").flatMap((text) => {
  const roundTripMs = wholeNumber("round-trips", text, 0);
  return [false, ...(values.tls ? [true] : [])].map((isSecure) => ({ roundTripMs, isSecure }));
});

const certificate = makeCertificate();
/** @type {Map<string, Promise<{ child: Child, port: number }>>} */
const servers = new Map();

/** @param {{ module: string, isSecure: boolean, swallows: boolean }} what */
function serverOf({ isSecure, module, swallows }) {
  const key = JSON.stringify({ isSecure, module, swallows });
  const known = servers.get(key);
  if (known !== undefined) return known;
  const plan = { module, swallows, ...(isSecure ? { secure: certificate } : {}) };
  const child = new Child({ file: join(import.meta.dirname, "server.mjs"), plan });
  const started = child.reported("ready").then(({ port }) => ({ child, port: Number(port) }));
  servers.set(key, started);
  return started;
}

let named = 0;

/**
 * One attempt of one pair: the first connection and the second.
 * @param {import("./clients.mjs").Client} client
 * @param {{ pair: import("./plan.mjs").Pair, situation: import("./plan.mjs").Case, network: Network }} how
 * @returns {Promise<import("./plan.mjs").Connection[]>}
 */
async function attempt(client, { network, pair, situation }) {
  const { isSecure, roundTripMs } = network;
  const swallows = situation.upgrades === "swallow";
  const server = await serverOf({ isSecure, module: pair.server, swallows: swallows && isSecure });
  const proxy = await startDelayingProxy({
    port: server.port,
    delayMs: roundTripMs / 2,
    // What is encrypted, a proxy cannot read; then the server does it.
    upgrades: swallows && !isSecure ? "swallow" : "pass",
  });
  const connections = [`${named++}`, `${named++}`];
  try {
    const events = await client.connect({
      connections,
      roundTripMs,
      module: pair.client,
      page: pair.page,
      url: `http${isSecure ? "s" : ""}://127.0.0.1:${proxy.port}`,
      options: situation.options,
    });
    await pause(roundTripMs + REST_MS);
    const made = [];
    for (const [at, event] of events.entries()) {
      const { cost } = await server.child.ask({ kind: "cost", connection: connections[at] });
      made.push({ ...event, cost: /** @type {import("./server.mjs").Cost} */ (cost) });
    }
    return made;
  } finally {
    proxy.close();
  }
}

/**
 * All attempts of one situation with one client, the pairs by turns.
 * @param {import("./clients.mjs").Client} client
 * @param {import("./plan.mjs").Case} situation
 * @param {Network} network
 */
async function measure(client, situation, network) {
  const how = { isCrossed: values.crossed, isNode: client.name === "Node" };
  /** @type {Measured[]} */
  const measured = pairsFor(situation, how).map((pair) => ({ situation, pair, clients: [] }));
  // One more than are counted: at first the server's and the browser's own code is cold.
  for (let count = 0; count <= attempts; count++) {
    for (const { clients, pair } of measured) {
      const made = await attempt(client, { pair, situation, network });
      if (count > 0) clients.push(made);
    }
  }
  return measured;
}

/** @param {readonly (import("./plan.mjs").Connection | undefined)[]} connections */
function describe(connections) {
  const known = connections.filter((connection) => connection !== undefined);
  const times = known.map(({ milliseconds }) => milliseconds);
  const transports = [...new Set(known.map(({ transport }) => transport))].join(", ");
  const range = `${Math.min(...times).toFixed(0)}…${Math.max(...times).toFixed(0)}`;
  return [`${median(times).toFixed(0)} (${range})`, transports];
}

const HEAD = [
  ...["situation", "pair", "first event, ms", "by", "second time, ms", "by"],
  ...["engine connections", "allowRequest", "engine middleware", "namespace middleware"],
];
const about = surroundings("bench:first-event");
console.log(`${describeSurroundings(about)}\n`);
const results = [];
/** @type {string[]} */
const missed = [];
try {
  for (const name of clientNames) {
    // One after the other: a browser that is open costs Node's client up to 5 ms, even if it does nothing.
    const client = await CLIENTS[name]();
    if (client === undefined) {
      console.log(`${name} was not found: left out\n`);
      continue;
    }
    try {
      for (const network of networks) {
        const where = `${client.name}, round trip of ${network.roundTripMs} ms${network.isSecure ? ", TLS" : ""}`;
        const rows = [HEAD];
        for (const situation of cases) {
          const measured = await measure(client, situation, network);
          for (const each of measured) {
            const firsts = each.clients.map(([connection]) => connection);
            const seconds = each.clients.map(([, connection]) => connection);
            const costs = /** @type {const} */ ([
              ...["engineConnections", "allowRequest", "engineMiddleware", "namespaceMiddleware"],
            ]);
            rows.push([
              ...[situation.name, each.pair.name, ...describe(firsts), ...describe(seconds)],
              ...costs.map((what) =>
                meanOf(firsts, /** @type {"allowRequest"} */ (what)).toFixed(2),
              ),
            ]);
            const theirs = measured.find(({ pair }) => pair.name === "socket.io") ?? each;
            for (const what of missedBy(each, theirs)) {
              missed.push(`${where}, ${situation.name}, ${each.pair.name}: ${what}`);
            }
            results.push({ ...network, client: client.name, case: situation.name, ...each });
          }
        }
        console.log(`${where}\n\n${table(rows)}\n`);
      }
    } finally {
      await client.close();
    }
  }
  for (const each of missed) console.log(`limit missed: ${each}`);
  if (values.assert && missed.length > 0) process.exitCode = 1;
  if (values.json !== undefined) {
    writeFileSync(values.json, `${JSON.stringify({ about, results, missed }, null, 2)}\n`);
  }
} finally {
  for (const server of servers.values()) await (await server).child.end();
}
