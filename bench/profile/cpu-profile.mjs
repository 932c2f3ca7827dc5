// Reads a V8 CPU profile: time by function and by where the code comes from. Idle time is left out.

import { readFileSync } from "node:fs";

/**
 * @typedef {object} Share
 * @property {string} name
 * @property {number} share of the busy time, 0 to 1
 */

/** @param {string} url */
function origin(url) {
  if (url === "") return "native";
  if (url.startsWith("node:")) return "node";
  const path = url.replace(/^file:\/\//, "");
  const inModules = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1];
  if (inModules !== undefined) return inModules;
  return /\/((?:packages|hosts)\/[^/]+)\//.exec(path)?.[1] ?? "application";
}

/** @param {string} url */
function shortPath(url) {
  return url
    .replace(/^file:\/\//, "")
    .replace(/.*\/node_modules\//, "")
    .replace(/.*\/((?:packages|hosts|bench)\/)/, "$1");
}

/**
 * @param {Map<string, number>} times
 * @param {number} total
 * @returns {Share[]}
 */
function shares(times, total) {
  return [...times]
    .map(([name, time]) => ({ name, share: time / total }))
    .sort((a, b) => b.share - a.share);
}

/** @param {{ functionName: string, lineNumber: number, url: string }} frame */
function label({ functionName, lineNumber, url }) {
  const where = url === "" ? "" : `  ${shortPath(url)}:${lineNumber + 1}`;
  return `${functionName === "" ? "(anonymous)" : functionName}${where}`;
}

/**
 * The functions on the stack of a node, each once.
 * @param {number} id
 * @param {Map<number, any>} byId
 * @param {Map<number, number>} parents
 */
function stackOf(id, byId, parents) {
  const names = new Set();
  for (let at = /** @type {number | undefined} */ (id); at !== undefined; at = parents.get(at)) {
    const { callFrame } = byId.get(at);
    if (callFrame.url !== "") names.add(label(callFrame));
  }
  return names;
}

/**
 * `functions` by their own time, `stacks` with all that they call.
 * @param {string} file
 * @returns {{ functions: Share[], origins: Share[], stacks: Share[] }}
 */
export function readCpuProfile(file) {
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(file, "utf8"));
  /** @type {Map<number, any>} */
  const byId = new Map();
  /** @type {Map<number, number>} */
  const parents = new Map();
  for (const node of nodes) {
    byId.set(node.id, node);
    for (const child of node.children ?? []) parents.set(child, node.id);
  }
  /** Time by node. @type {Map<number, number>} */
  const own = new Map();
  let total = 0;
  for (const [at, id] of samples.entries()) {
    if (byId.get(id).callFrame.functionName === "(idle)") continue;
    const time = Math.max(0, timeDeltas[at]);
    own.set(id, (own.get(id) ?? 0) + time);
    total += time;
  }
  const [functions, origins, stacks] = [new Map(), new Map(), new Map()];
  const add = (
    /** @type {Map<string, number>} */ to,
    /** @type {string} */ name,
    /** @type {number} */ time,
  ) => to.set(name, (to.get(name) ?? 0) + time);
  for (const [id, time] of own) {
    const { callFrame } = byId.get(id);
    const { functionName, url } = callFrame;
    add(functions, label(callFrame), time);
    add(origins, functionName.startsWith("(") && url === "" ? functionName : origin(url), time);
    for (const name of stackOf(id, byId, parents)) add(stacks, name, time);
  }
  return {
    functions: shares(functions, total),
    origins: shares(origins, total),
    stacks: shares(stacks, total),
  };
}
