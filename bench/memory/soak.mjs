// `npm run bench:soak`: 10,000 connections come and go in every way there is, and the server must be where it
// was before: the same handles, no object more of any class, no more bytes but for compiled code. Prints one line of JSON at the end.
//
//   npm run bench:soak -- --connections 10000

import { readOptions, wholeNumber } from "../kit/command-line.mjs";
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
/** What V8 keeps for itself, compiled code above all: that still grows for a while. */
const OF_THE_ENGINE = /^\((?!strings)/;

const values = readOptions({
  connections: { type: "string", default: "10000" },
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

const connections = wholeNumber("connections", values.connections);
const [target] = pickTargets(values.target);
if (target === undefined) throw new Error("no target");
const server = await ServerHeap.start(target);
try {
  await wave(server, WARM_UP);
  const before = await settle(server);
  const classesBefore = await server.classes();
  await wave(server, connections);
  const after = await settle(server);
  const classesAfter = await server.classes();
  const grown = growth(classesBefore, classesAfter).filter(({ name }) => !OF_THE_ENGINE.test(name));
  const kept = grown.filter(({ count, isObject }) => isObject && count > MOST_KEPT);
  const bytes = grown.reduce((sum, each) => sum + each.bytes, 0);
  const handles = {
    before: describeHandles(before.handles),
    after: describeHandles(after.handles),
  };
  const isClean = kept.length === 0 && bytes <= MOST_BYTES && handles.before === handles.after;
  const heap = { before: before.heapUsed, after: after.heapUsed };
  console.log(JSON.stringify({ connections, isClean, bytes, heap, handles, kept }));
  process.exitCode = isClean ? 0 : 1;
} finally {
  await server.end();
}
