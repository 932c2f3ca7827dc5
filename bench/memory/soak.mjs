// `npm run bench:soak`: 10,000 connections come and go in every way there is, and the server must be where it
// was before: the same handles, no object more of any class, no more bytes but for compiled code. Prints one line of JSON at the end.
//
//   npm run bench:soak -- --connections 10000
//   npm run soak -- --minutes 60      waves for so long; the heap after each must lie on a flat line

import { readOptions, wholeNumber } from "../kit/command-line.mjs";
import { slope } from "../kit/statistics.mjs";
import { pickTargets } from "../targets.mjs";
import { ServerHeap } from "./server-heap.mjs";
import { growth } from "./snapshot.mjs";

/** Enough for every way to be at its full width: Node keeps parsers and buffers for as many as came at once. */
const WARM_UP = 800;
const SETTLE_TRIES = 40;
const SETTLE_PAUSE_MS = 250;
/** What a class may keep: Node's pools of parsers hold as many as were in use at once. */
const MOST_KEPT = 64;
const MOST_BYTES = 128 * 1024;
/** By how much the line through the heaps of a long run may rise, from its begin to its end. */
const MOST_RISE = 256 * 1024;
/** Of a long run: one wave, and the share of the waves that are left out of the line, because code is still compiled. */
const WAVE = 1000;
const WARM = 0.25;
/** What V8 keeps for itself, compiled code above all: that still grows for a while. */
const OF_THE_ENGINE = /^\((?!strings)/;

const values = readOptions({
  connections: { type: "string", default: "10000" },
  minutes: { type: "string" },
  target: { type: "string", default: "sockeye" },
});

/** @param {Record<string, number>} handles */
function describeHandles(handles) {
  return Object.entries(handles)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, count]) => `${count} ${name}`)
    .join(", ");
}

/**
 * Connections in every way: closed by the peer over each transport, and cut.
 * @param {ServerHeap} server
 * @param {number} total
 */
async function wave(server, total) {
  const share = Math.ceil(total / 4);
  await server.comeAndGo("websocket", share);
  await server.comeAndGo("polling", share);
  await server.comeAndGo("upgrade", share);
  await server.whileHeld(share, () => Promise.resolve());
}

/**
 * Waits until no connection is left, as far as that ever comes.
 * @param {ServerHeap} server
 */
async function settle(server) {
  let memory = await server.memory();
  for (let tries = 0; tries < SETTLE_TRIES; tries++) {
    if (memory.handles["TCPSocketWrap"] === undefined) break;
    await new Promise((resolve) => setTimeout(resolve, SETTLE_PAUSE_MS));
    memory = await server.memory();
  }
  return memory;
}

/**
 * Waves until the time is up, at least one; or all connections at once.
 * @param {ServerHeap} server
 * @returns {Promise<{ connections: number, rise: number, waves: number }>} `rise`: bytes, along the line through the heaps
 */
async function load(server) {
  const connections = wholeNumber("connections", values.connections);
  if (values.minutes === undefined) {
    await wave(server, connections);
    return { connections, rise: 0, waves: 1 };
  }
  const until = performance.now() + wholeNumber("minutes", values.minutes) * 60_000;
  /** @type {number[]} */
  const heaps = [];
  do {
    await wave(server, WAVE);
    const { external, heapUsed } = await settle(server);
    heaps.push(heapUsed + external);
    console.error(`wave ${heaps.length}: ${((heapUsed + external) / 2 ** 20).toFixed(2)} MiB`);
  } while (performance.now() < until);
  const counted = heaps.slice(Math.floor(heaps.length * WARM));
  const rise = counted.length < 2 ? 0 : slope(counted) * (counted.length - 1);
  return { connections: heaps.length * WAVE, rise, waves: heaps.length };
}

const [target] = pickTargets(values.target);
if (target === undefined) throw new Error("no target");
const server = await ServerHeap.start(target);
try {
  await wave(server, WARM_UP);
  const before = await settle(server);
  const classesBefore = await server.classes();
  const { connections, rise, waves } = await load(server);
  const after = await settle(server);
  const classesAfter = await server.classes();
  const grown = growth(classesBefore, classesAfter).filter(({ name }) => !OF_THE_ENGINE.test(name));
  const kept = grown.filter(({ count, isObject }) => isObject && count > MOST_KEPT);
  const bytes = grown.reduce((sum, each) => sum + each.bytes, 0);
  const handles = {
    before: describeHandles(before.handles),
    after: describeHandles(after.handles),
  };
  const isSame = kept.length === 0 && handles.before === handles.after;
  const isClean = isSame && bytes <= MOST_BYTES && rise <= MOST_RISE;
  const heap = { before: before.heapUsed, after: after.heapUsed };
  console.log(JSON.stringify({ connections, waves, isClean, bytes, rise, heap, handles, kept }));
  process.exitCode = isClean ? 0 : 1;
} finally {
  await server.end();
}
