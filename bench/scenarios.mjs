// What is measured, with the least that ours must reach and what it should: how many times less CPU per unit
// than Socket.IO on ws. Data only.

import { refuse } from "./kit/command-line.mjs";

/**
 * @typedef {object} Scenario
 * @property {string} name
 * @property {string} about
 * @property {string} unit what the CPU time is per
 * @property {boolean} isForRaw whether a bare WebSocket server can take part
 * @property {Record<string, unknown>} plan for the generator
 * @property {Record<string, unknown>} [quick] differences of a short run
 * @property {{ pingInterval: number, pingTimeout: number }} [server] options
 * @property {number} floor for `idle` KiB per connection, at most
 * @property {number} goal
 */

const TIMES = { warmMs: 1000, measureMs: 2500 };
const QUICK_TIMES = { warmMs: 600, measureMs: 1000 };

/**
 * @param {Pick<Scenario, "name" | "about" | "isForRaw" | "floor" | "goal">} head
 * @param {Record<string, unknown>} plan
 * @returns {Scenario}
 */
function echo(head, plan) {
  return {
    ...head,
    unit: "message",
    plan: { mode: "echo", window: 1, size: 64, ...TIMES, ...plan },
    quick: QUICK_TIMES,
  };
}

/**
 * @param {Pick<Scenario, "name" | "about" | "floor" | "goal">} head
 * @param {number} window
 * @returns {Scenario}
 */
function broadcast(head, window) {
  return {
    ...head,
    unit: "delivery",
    isForRaw: true,
    plan: { mode: "broadcast", connections: 1000, size: 128, window, ...TIMES },
    quick: QUICK_TIMES,
  };
}

/**
 * @param {Pick<Scenario, "name" | "about" | "isForRaw" | "floor" | "goal">} head
 * @param {"websocket" | "polling" | "upgrade"} flow
 * @returns {Scenario}
 */
function storm(head, flow) {
  return {
    ...head,
    unit: "connection",
    plan: { mode: "storm", flow, total: 2500, atOnce: 64 },
    quick: { total: 700 },
  };
}

/**
 * All scenarios, in the order in which they run.
 * @type {Scenario[]}
 */
export const scenarios = [
  echo(
    {
      name: "echo",
      about: "100 connections, 1 message of 64 bytes in flight on each",
      isForRaw: true,
      floor: 1.5,
      goal: 2,
    },
    { payload: "text", connections: 100 },
  ),
  echo(
    {
      name: "ack",
      about: "100 connections, 1 acknowledgement in flight on each",
      isForRaw: false,
      floor: 1.5,
      goal: 1.9,
    },
    { payload: "ack", connections: 100 },
  ),
  echo(
    {
      name: "echo-16",
      about: "50 connections, 16 messages of 64 bytes in flight on each",
      isForRaw: true,
      floor: 4,
      goal: 6.5,
    },
    { payload: "text", connections: 50, window: 16 },
  ),
  broadcast(
    {
      name: "broadcast",
      about: "to a room of 1,000, one broadcast at a time",
      floor: 1.3,
      goal: 1.6,
    },
    1,
  ),
  broadcast(
    {
      name: "broadcast-8",
      about: "to a room of 1,000, 8 broadcasts in flight",
      floor: 4.5,
      goal: 6,
    },
    8,
  ),
  echo(
    {
      name: "binary-1k",
      about: "50 connections, an attachment of 1 KiB",
      isForRaw: true,
      floor: 1.9,
      goal: 2.6,
    },
    { payload: "binary", connections: 50, size: 1024 },
  ),
  echo(
    {
      name: "binary-64k",
      about: "16 connections, an attachment of 64 KiB",
      isForRaw: true,
      floor: 1.5,
      goal: 2.4,
    },
    { payload: "binary", connections: 16, size: 65_536 },
  ),
  echo(
    {
      name: "text-64k",
      about: "16 connections, a string of 64 KiB",
      isForRaw: true,
      floor: 1.3,
      goal: 1.8,
    },
    { payload: "text", connections: 16, size: 65_536 },
  ),
  echo(
    {
      name: "json-64k",
      about: "16 connections, 64 KiB of small objects",
      // Without JSON a bare server would not do the same work.
      isForRaw: false,
      floor: 1.2,
      goal: 1.4,
    },
    { payload: "json", connections: 16, size: 65_536 },
  ),
  storm(
    {
      name: "storm-websocket",
      about: "connect over WebSocket, close; 64 at a time",
      isForRaw: true,
      floor: 1.7,
      goal: 2.5,
    },
    "websocket",
  ),
  storm(
    {
      name: "storm-polling",
      about: "connect over polling, close; 64 at a time",
      isForRaw: false,
      floor: 1.2,
      goal: 1.6,
    },
    "polling",
  ),
  storm(
    {
      name: "storm-upgrade",
      about: "connect over polling, upgrade, one echo, close; 64 at a time",
      isForRaw: false,
      floor: 1.3,
      goal: 1.8,
    },
    "upgrade",
  ),
  {
    name: "polling",
    about: "50 clients on polling, a POST and a GET per message",
    unit: "message",
    isForRaw: false,
    plan: { mode: "polling", connections: 50, size: 64, ...TIMES },
    quick: QUICK_TIMES,
    floor: 1.1,
    goal: 1.4,
  },
  {
    name: "heartbeat",
    about: "2,000 idle connections, a ping each second",
    unit: "ping and pong",
    isForRaw: false,
    plan: { mode: "heartbeat", connections: 2000, warmMs: 1500, measureMs: 4000 },
    quick: { measureMs: 2000 },
    server: { pingInterval: 1000, pingTimeout: 5000 },
    floor: 1.3,
    goal: 1.9,
  },
  echo(
    {
      name: "light",
      about: "4,000 messages a second over 100 connections",
      isForRaw: true,
      floor: 1.3,
      goal: 1.6,
    },
    { payload: "text", connections: 100, window: 64, rate: 4000 },
  ),
  {
    name: "idle",
    about: "10,000 connections that do nothing: resident memory of the server for each",
    unit: "connection",
    isForRaw: true,
    plan: { mode: "idle", connections: 10_000 },
    quick: { connections: 2000 },
    floor: 5.5,
    goal: 4.2,
  },
];

/**
 * The scenarios of these names, or all.
 * @param {string | undefined} names separated by commas
 * Ends the program when one is unknown.
 */
export function pickScenarios(names) {
  if (names === undefined) return scenarios;
  return names.split(",").map((name) => {
    const scenario = scenarios.find((each) => each.name === name);
    const known = scenarios.map((each) => each.name).join(", ");
    return scenario ?? refuse(`no scenario "${name}"; there are ${known}`);
  });
}
