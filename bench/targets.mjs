// The servers that can be measured, by name, and which of them this machine has.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { refuse } from "./kit/command-line.mjs";
import { arePeersThere } from "./kit/peers.mjs";
import { bunPath, DENO_FLAGS, denoPath } from "./kit/runtimes.mjs";
import { uwsPath } from "./targets/uws-module.mjs";

/**
 * @typedef {"Node" | "uWebSockets.js" | "Bun" | "Deno"} Platform
 *
 * @typedef {object} Target
 * @property {string} name
 * @property {string} about
 * @property {Platform} platform what accepts the connections
 * @property {"socket.io" | "raw"} speaks the protocol, or its bytes over a bare WebSocket
 * @property {string} file
 * @property {string | undefined} [runtime] default: this Node
 * @property {string[]} flags
 * @property {string | undefined} [missing] what must be installed first
 */

/** @param {string} name */
function program(name) {
  return join(import.meta.dirname, "targets", name);
}

/** @param {string} host the folder of one of ours */
function unbuilt(host) {
  const dist = join(import.meta.dirname, "../hosts", host, "dist");
  return existsSync(dist) ? undefined : "npm run build";
}

const SETUP = "node scripts/setup-runtimes.mjs";
const NODE_FLAGS = ["--expose-gc"];

const uws = {
  platform: /** @type {const} */ ("uWebSockets.js"),
  flags: NODE_FLAGS,
  missing: uwsPath() === undefined ? `uWebSockets.js (${SETUP})` : undefined,
};
const bun = {
  platform: /** @type {const} */ ("Bun"),
  runtime: bunPath,
  flags: [],
  missing: bunPath === undefined ? `bun (${SETUP})` : undefined,
};
const deno = {
  platform: /** @type {const} */ ("Deno"),
  runtime: denoPath,
  flags: DENO_FLAGS,
  missing: denoPath === undefined ? `deno (${SETUP})` : undefined,
};

/**
 * All targets, installed or not.
 * @type {Target[]}
 */
export const targets = [
  {
    name: "sockeye",
    about: "ours, built",
    platform: "Node",
    speaks: "socket.io",
    file: program("sockeye.mjs"),
    flags: NODE_FLAGS,
    missing: unbuilt("node"),
  },
  {
    name: "socket.io",
    about: "Socket.IO on ws",
    platform: "Node",
    speaks: "socket.io",
    file: program("socket-io.mjs"),
    flags: NODE_FLAGS,
  },
  {
    name: "ws",
    about: "ws alone, no protocol",
    platform: "Node",
    speaks: "raw",
    file: program("ws.mjs"),
    flags: NODE_FLAGS,
  },
  {
    name: "sockeye-uws",
    about: "ours on uWebSockets.js, built",
    speaks: "socket.io",
    file: program("sockeye-uws.mjs"),
    ...uws,
    missing: uws.missing ?? unbuilt("uws"),
  },
  {
    name: "socket.io-uws",
    about: "Socket.IO on uWebSockets.js",
    speaks: "socket.io",
    file: program("socket-io-uws.mjs"),
    ...uws,
  },
  {
    name: "uws",
    about: "uWebSockets.js alone, no protocol",
    speaks: "raw",
    file: program("uws.mjs"),
    ...uws,
  },
  {
    name: "sockeye-bun",
    about: "ours on Bun, built",
    speaks: "socket.io",
    file: program("sockeye-bun.mjs"),
    ...bun,
    missing: bun.missing ?? unbuilt("bun"),
  },
  {
    name: "socket.io-bun",
    about: "Socket.IO on Bun, with its authors' engine for it",
    speaks: "socket.io",
    file: program("socket-io-bun.mjs"),
    ...bun,
    missing: bun.missing ?? (arePeersThere() ? undefined : "npm ci in bench/peers"),
  },
  {
    name: "bun",
    about: "Bun's WebSockets alone, no protocol",
    speaks: "raw",
    file: program("bun.mjs"),
    ...bun,
  },
  {
    name: "sockeye-deno",
    about: "ours on Deno, built",
    speaks: "socket.io",
    file: program("sockeye-deno.mjs"),
    ...deno,
    missing: deno.missing ?? unbuilt("deno"),
  },
  {
    name: "sockeye-fetch",
    about: "ours over Request and Response on Deno, built",
    speaks: "socket.io",
    file: program("sockeye-fetch.mjs"),
    ...deno,
    missing: deno.missing ?? unbuilt("fetch"),
  },
  {
    name: "socket.io-deno",
    about: "Socket.IO on Deno's emulation of Node, with ws",
    speaks: "socket.io",
    file: program("socket-io.mjs"),
    ...deno,
  },
  {
    name: "deno",
    about: "Deno's WebSockets alone, no protocol",
    speaks: "raw",
    file: program("deno.mjs"),
    ...deno,
  },
];

/**
 * The targets of these names, or those on Node: other platforms are measured by `npm run bench:hosts`.
 * @param {string | undefined} names separated by commas
 * Ends the program when one is unknown or not installed.
 */
export function pickTargets(names) {
  if (names === undefined) {
    return targets.filter(({ missing, platform }) => missing === undefined && platform === "Node");
  }
  return names.split(",").map((name) => {
    const target = targets.find((each) => each.name === name);
    const known = targets.map((each) => each.name).join(", ");
    if (target === undefined) return refuse(`no target "${name}"; there are ${known}`);
    if (target.missing !== undefined) return refuse(`target "${name}" needs ${target.missing}`);
    return target;
  });
}
