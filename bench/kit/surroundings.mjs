// What a figure depends on besides the code: the command, the machine, the versions, how busy it was.
// Every result carries it.

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism, cpus, loadavg, release, totalmem } from "node:os";
import { canPin } from "./child.mjs";

const require = createRequire(import.meta.url);

/**
 * The version of an installed package, or undefined.
 * @param {string} name
 * @returns {string | undefined}
 */
function versionOf(name) {
  for (const folder of require.resolve.paths(name) ?? []) {
    const manifest = `${folder}/${name}/package.json`;
    if (existsSync(manifest)) return JSON.parse(readFileSync(manifest, "utf8")).version;
  }
  return undefined;
}

function commit() {
  try {
    const git = (/** @type {string[]} */ args) =>
      execFileSync("git", args, {
        cwd: import.meta.dirname,
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      }).trim();
    const isChanged = git(["status", "--porcelain", "--", "../packages", "../hosts"]) !== "";
    return git(["rev-parse", "--short", "HEAD"]) + (isChanged ? " with changes" : "");
  } catch {
    return "unknown";
  }
}

/**
 * @typedef {object} Surroundings
 * @property {string} command
 * @property {string} at
 * @property {string} commit
 * @property {string} machine
 * @property {string} node
 * @property {Record<string, string | undefined>} versions
 * @property {boolean} canPin whether processes can be pinned to a core each
 * @property {number[]} loadBefore load averages over 1, 5 and 15 minutes
 */

/**
 * Looks around, before anything is measured.
 * @param {string} script as in `npm run <script>`
 * @returns {Surroundings}
 */
export function surroundings(script) {
  const args = process.argv.slice(2).join(" ");
  const gib = (totalmem() / 2 ** 30).toFixed(0);
  const { model = "unknown processor" } = cpus()[0] ?? {};
  return {
    command: `npm run ${script}${args === "" ? "" : ` -- ${args}`}`,
    at: new Date().toISOString().slice(0, 16),
    commit: commit(),
    machine: `${availableParallelism()} × ${model}, ${gib} GiB, ${process.platform} ${release()}`,
    node: process.version,
    versions: {
      "@sockeye/node": versionOf("@sockeye/node"),
      "socket.io": versionOf("socket.io"),
      "engine.io": versionOf("engine.io"),
      ws: versionOf("ws"),
    },
    canPin,
    loadBefore: loadavg(),
  };
}

/**
 * The same as lines of text.
 * @param {Surroundings} about
 */
export function describeSurroundings(about) {
  const versions = Object.entries(about.versions).map(([name, version]) => `${name} ${version}`);
  return [
    `${about.command}   (${about.at}, commit ${about.commit})`,
    `${about.machine}; Node ${about.node}; ${versions.join(", ")}`,
    `${about.canPin ? "" : "processes cannot be pinned to cores; "}` +
      `load average before: ${about.loadBefore.map((load) => load.toFixed(1)).join(" ")}`,
  ].join("\n");
}
