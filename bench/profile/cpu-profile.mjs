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

/**
 * @param {string} file
 * @returns {{ functions: Share[], origins: Share[] }}
 */
export function readCpuProfile(file) {
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(file, "utf8"));
  const byId = new Map(nodes.map((/** @type {{ id: number }} */ node) => [node.id, node]));
  const [functions, origins] = [new Map(), new Map()];
  let total = 0;
  for (const [at, id] of samples.entries()) {
    const { callFrame } = byId.get(id);
    const time = Math.max(0, timeDeltas[at]);
    if (callFrame.functionName === "(idle)") continue;
    total += time;
    const { functionName, lineNumber, url } = callFrame;
    const where = url === "" ? "" : `  ${shortPath(url)}:${lineNumber + 1}`;
    const name = `${functionName === "" ? "(anonymous)" : functionName}${where}`;
    const from = functionName.startsWith("(") && url === "" ? functionName : origin(url);
    functions.set(name, (functions.get(name) ?? 0) + time);
    origins.set(from, (origins.get(from) ?? 0) + time);
  }
  return { functions: shares(functions, total), origins: shares(origins, total) };
}
