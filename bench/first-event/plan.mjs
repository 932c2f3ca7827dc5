// What is measured: situations of a client, the pairs of client and server that are compared, and the limits that ours must
// keep.

import { median } from "../kit/statistics.mjs";

/**
 * @typedef {object} Pair
 * @property {string} name
 * @property {string} server module
 * @property {string} client module
 * @property {string} page what browsers load, by the name of its page
 * @property {"browsers"} [only] absent: everywhere
 *
 * @typedef {object} Case
 * @property {string} name
 * @property {object} options of the client
 * @property {"pass" | "swallow"} upgrades
 * @property {boolean} isDefault whether the client has the choice of the transport, so that limits apply
 *
 * @typedef {object} Connection one, of one client
 * @property {number} milliseconds until the first event
 * @property {string} transport in use then
 * @property {import("./server.mjs").Cost} cost
 *
 * @typedef {object} Measured
 * @property {Case} situation
 * @property {Pair} pair
 * @property {Connection[][]} clients the first connection of each, and its second
 */

/** @type {Pair} */
const OURS = {
  name: "sockeye",
  server: "@sockeye/node",
  client: "@sockeye/client",
  page: "sockeye",
};
/** @type {Pair} */
const OURS_AS_MODULE = {
  ...OURS,
  name: "sockeye, ES module",
  page: "sockeye-module",
  only: "browsers",
};
/** @type {Pair} */
const THEIRS = {
  name: "socket.io",
  server: "socket.io",
  client: "socket.io-client",
  page: "socket.io",
};
/** @type {Pair} */
const CROSSED = { ...OURS, name: "sockeye, on Socket.IO's server", server: "socket.io" };
/** What Node and browsers need for the same two round trips. @type {Pair} */
const BARE = { name: "a WebSocket alone", server: "@sockeye/node", client: "ws", page: "none" };

/** The situations, by the names of the command line. @type {Record<string, Case>} */
export const CASES = {
  default: { name: "default transports", options: {}, upgrades: "pass", isDefault: true },
  swallowed: {
    name: "default, upgrades swallowed",
    options: {},
    upgrades: "swallow",
    isDefault: true,
  },
  websocket: {
    name: "WebSocket only",
    options: { transports: ["websocket"] },
    upgrades: "pass",
    isDefault: false,
  },
  polling: {
    name: "polling, then WebSocket",
    options: { transports: ["polling", "websocket"] },
    upgrades: "pass",
    isDefault: false,
  },
};

/**
 * The pairs that are compared in a situation.
 * @param {Case} situation
 * @param {{ isCrossed: boolean, isNode: boolean }} how `isCrossed`: our client on Socket.IO's server as well
 */
export function pairsFor({ isDefault, options }, { isCrossed, isNode }) {
  const isBare =
    String(/** @type {{ transports?: string[] }} */ (options).transports) === "websocket";
  return [
    THEIRS,
    OURS,
    ...(isDefault ? [OURS_AS_MODULE] : []),
    ...(isCrossed ? [CROSSED] : []),
    ...(isBare ? [BARE] : []),
  ].filter(({ only }) => only === undefined || !isNode);
}

const MOST_CONNECTIONS = 1.1;
const SWALLOWED_MS = 300;
/** By how much two medians may differ that are the same. */
const TOLERANCE_MS = 5;

/**
 * The mean of something that connections have cost.
 * @param {readonly (Connection | undefined)[]} connections
 * @param {keyof import("./server.mjs").Cost} what
 */
export function meanOf(connections, what) {
  const costs = connections.map((connection) => connection?.cost[what] ?? 0);
  return costs.reduce((sum, cost) => sum + cost, 0) / costs.length;
}

/**
 * The limits that a client of ours has missed, beside Socket.IO's in the same situation.
 * @param {Measured} ours
 * @param {Measured} theirs
 */
export function missedBy({ clients, pair, situation }, theirs) {
  if (!situation.isDefault || pair.client !== OURS.client) return [];
  const time = (/** @type {Connection[][]} */ all, /** @type {number} */ which) =>
    median(all.map((connections) => connections[which]?.milliseconds ?? Number.NaN));
  const [first, second] = [time(clients, 0), time(clients, 1)];
  const [theirFirst, theirSecond] = [time(theirs.clients, 0), time(theirs.clients, 1)];
  const isSwallowed = situation.upgrades === "swallow";
  const limit = isSwallowed ? Math.max(2 * theirFirst, SWALLOWED_MS) : theirFirst;
  const missed = [];
  if (first > limit + TOLERANCE_MS) {
    missed.push(`first event after ${first.toFixed(0)} ms instead of ${limit.toFixed(0)}`);
  }
  if (second > theirSecond + TOLERANCE_MS) {
    missed.push(`the second time ${second.toFixed(0)} ms instead of ${theirSecond.toFixed(0)}`);
  }
  const connections = meanOf(
    clients.map(([connection]) => connection),
    "engineConnections",
  );
  if (!isSwallowed && connections > MOST_CONNECTIONS) {
    missed.push(`${connections.toFixed(2)} engine connections`);
  }
  return missed;
}
