// Lays the published packages out in a folder as they will be published, and packs them from there: the files that npm
// takes, and a package.json with the addresses of whoever publishes. The repository itself is not changed.

import { spawn } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root, workspaces } from "../repository.mjs";
import { addressFields } from "./addresses.mjs";

/**
 * What `npm pack --json` says of one package.
 * @typedef {object} Packed
 * @property {string} name
 * @property {string} version
 * @property {string} filename
 * @property {string} integrity
 * @property {number} size
 * @property {number} unpackedSize
 * @property {{ path: string, size: number }[]} files
 */

/** @typedef {import("../repository.mjs").Workspace} Workspace */

// What the `npm run` around this says of its own folder must not reach the npm in another.
const OF_THE_OUTER_RUN =
  /^npm_(config_(local_prefix|workspace.*|include_workspace_root)|package_.*|lifecycle_.*)$/i;

/** The workspaces that are published, each after those that it depends on. */
export function publishable() {
  const open = workspaces().filter(({ manifest }) => manifest.private !== true);
  const byName = new Map(open.map((workspace) => [workspace.manifest.name, workspace]));
  /** @type {Set<Workspace>} */
  const ordered = new Set();
  const add = (/** @type {Workspace | undefined} */ workspace) => {
    if (workspace === undefined || ordered.has(workspace)) return;
    for (const name of Object.keys(workspace.manifest.dependencies ?? {})) add(byName.get(name));
    ordered.add(workspace);
  };
  open.forEach(add);
  return [...ordered];
}

/**
 * Runs npm in a folder. Resolves to what it prints; rejects with it when npm fails.
 * @param {string} folder
 * @param {string[]} args
 * @param {{ isShown?: boolean }} [choices] `isShown`: npm has the terminal, and nothing is resolved to
 * @returns {Promise<string>}
 */
export function npm(folder, args, { isShown = false } = {}) {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !OF_THE_OUTER_RUN.test(name)),
  );
  const stdio = isShown ? "inherit" : "pipe";
  const child = spawn("npm", args, {
    cwd: folder,
    env,
    stdio,
    shell: process.platform === "win32",
  });
  let [printed, complaint] = ["", ""];
  child.stdout?.setEncoding("utf8").on("data", (text) => {
    printed += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text) => {
    complaint += text;
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve(printed);
      else reject(new Error(`npm ${args[0]} has failed with ${code}\n${complaint}${printed}`));
    });
  });
}

/**
 * @param {string} folder with workspaces
 * @param {string[]} args
 * @returns {Promise<Packed[]>}
 */
async function pack(folder, args) {
  // Newer versions of npm answer with an object by name, older ones with a list.
  return Object.values(
    JSON.parse(await npm(folder, ["pack", "--json", "--ignore-scripts", ...args])),
  );
}

/** @param {Workspace[]} packages */
const chosen = (packages) => packages.flatMap(({ folder }) => ["--workspace", folder]);

/**
 * Makes a project whose workspaces are the packages as they are published.
 * @param {string} stage the folder; what was there is removed
 * @param {Workspace[]} packages built
 * @param {import("./addresses.mjs").Addresses} addresses
 */
export async function layOut(stage, packages, addresses) {
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(stage, { recursive: true });
  const listed = await pack(root, ["--dry-run", ...chosen(packages)]);
  const byName = new Map(listed.map(({ name, files }) => [name, files]));
  for (const { folder, manifest } of packages) {
    for (const { path } of byName.get(manifest.name) ?? []) {
      mkdirSync(dirname(join(stage, folder, path)), { recursive: true });
      cpSync(join(root, folder, path), join(stage, folder, path));
    }
    const fields = { ...manifest, ...addressFields(addresses, folder) };
    const file = join(stage, folder, "package.json");
    writeFileSync(file, `${JSON.stringify(fields, null, 2)}\n`);
  }
  const folders = packages.map(({ folder }) => folder);
  const project = { name: "stage", private: true, workspaces: folders };
  writeFileSync(join(stage, "package.json"), JSON.stringify(project));
}

/**
 * Packs packages of a folder with workspaces: the repository, or what `layOut` has made.
 * @param {string} from
 * @param {Workspace[]} packages
 * @param {string} to the folder of the archives; what was there is removed
 * @returns {Promise<(Packed & { archive: Buffer })[]>}
 */
export async function packAll(from, packages, to) {
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  const packed = await pack(from, ["--pack-destination", to, ...chosen(packages)]);
  return packed.map((each) => ({ ...each, archive: readFileSync(join(to, each.filename)) }));
}
