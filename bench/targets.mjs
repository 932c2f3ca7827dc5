// The servers that can be measured, by name, and which of them this machine has.

import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";
import { refuse } from "./kit/command-line.mjs";
import { uwsPath } from "./targets/uws-module.mjs";

const require = createRequire(import.meta.url);

/**
 * @typedef {object} Target
 * @property {string} name
 * @property {string} about
 * @property {"socket.io" | "raw"} speaks the protocol, or its bytes over a bare WebSocket
 * @property {string} file
 * @property {string} [runtime] default: this Node
 * @property {string[]} flags
 * @property {string} [missing] what must be installed first
 */

/** @param {string} name */
function isInstalled(name) {
  try {
    require.resolve(name);
    return true;
  } catch {
    return false;
  }
}

function findBun() {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const modules = join(import.meta.dirname, "../node_modules/.bin");
  return [...folders, modules].map((folder) => join(folder, "bun")).find(existsSync);
}

/** @param {string} name */
function program(name) {
  return join(import.meta.dirname, "targets", name);
}

const NODE_FLAGS = ["--expose-gc"];
const bun = findBun();
const hasUws = uwsPath() !== undefined;
const hasBun = bun !== undefined && isInstalled("@socket.io/bun-engine");

/**
 * All targets, installed or not.
 * @type {Target[]}
 */
export const targets = [
  {
    name: "sockeye",
    about: "ours, built",
    speaks: "socket.io",
    file: program("sockeye.mjs"),
    flags: NODE_FLAGS,
    ...(existsSync(join(import.meta.dirname, "../hosts/node/dist"))
      ? {}
      : { missing: "npm run build" }),
  },
  {
    name: "sockeye-uws",
    about: "ours on uWebSockets.js, built",
    speaks: "socket.io",
    file: program("sockeye-uws.mjs"),
    flags: NODE_FLAGS,
    ...(hasUws ? {} : { missing: "uWebSockets.js (node scripts/setup-runtimes.mjs)" }),
  },
  {
    name: "socket.io",
    about: "Socket.IO on ws",
    speaks: "socket.io",
    file: program("socket-io.mjs"),
    flags: NODE_FLAGS,
  },
  {
    name: "ws",
    about: "ws alone, no protocol",
    speaks: "raw",
    file: program("ws.mjs"),
    flags: NODE_FLAGS,
  },
  {
    name: "socket.io-uws",
    about: "Socket.IO on uWebSockets.js",
    speaks: "socket.io",
    file: program("socket-io-uws.mjs"),
    flags: NODE_FLAGS,
    ...(hasUws ? {} : { missing: "uWebSockets.js" }),
  },
  {
    name: "socket.io-bun",
    about: "Socket.IO on Bun",
    speaks: "socket.io",
    file: program("socket-io-bun.mjs"),
    flags: [],
    ...(bun === undefined ? {} : { runtime: bun }),
    ...(hasBun ? {} : { missing: "bun and @socket.io/bun-engine" }),
  },
];

/**
 * The targets of these names, or all that are installed.
 * @param {string | undefined} names separated by commas
 * Ends the program when one is unknown or not installed.
 */
export function pickTargets(names) {
  if (names === undefined) return targets.filter(({ missing }) => missing === undefined);
  return names.split(",").map((name) => {
    const target = targets.find((each) => each.name === name);
    const known = targets.map((each) => each.name).join(", ");
    if (target === undefined) return refuse(`no target "${name}"; there are ${known}`);
    if (target.missing !== undefined) return refuse(`target "${name}" needs ${target.missing}`);
    return target;
  });
}
