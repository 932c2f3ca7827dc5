// Packs every publishable workspace into a folder, as `npm publish` would, from what has been built; and what they
// depend on, as it is installed here. Knows nothing of the projects that install the tarballs.
// Run on its own: `node e2e/kit/packages/pack.mjs FOLDER`.

import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, readdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/**
 * @typedef {object} Tarball
 * @property {string} name
 * @property {string} version
 * @property {string} integrity
 * @property {string} file
 */

/**
 * @typedef {object} Manifest
 * @property {string} name
 * @property {string} version
 * @property {boolean} [private]
 * @property {Record<string, string>} [dependencies]
 */

const root = resolve(import.meta.dirname, "../../..");
const FOLDERS = ["packages", "hosts", "adapters", "facades"];

/**
 * @param {string} folder
 * @returns {Manifest}
 */
const manifestOf = (folder) => JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));

/** The folders of what is published. */
async function publishable() {
  const found = [];
  for (const group of FOLDERS) {
    for (const name of await readdir(join(root, group))) {
      const folder = join(root, group, name);
      if (manifestOf(folder).private !== true) found.push(folder);
    }
  }
  return found;
}

/**
 * Where a program in `folder` finds a package.
 * @param {string} folder
 * @param {string} name
 * @returns {string}
 */
function findPackage(folder, name) {
  const found = join(folder, "node_modules", name);
  if (existsSync(join(found, "package.json"))) return found;
  if (folder === root) throw new Error(`${name} is not installed`);
  return findPackage(dirname(folder), name);
}

/**
 * The folders of what published workspaces depend on, and of what that depends on.
 * @param {string[]} folders
 * @param {string[]} beside names of more packages
 */
function dependenciesOf(folders, beside) {
  /** @type {Map<string, string>} */
  const found = new Map();
  /**
   * @param {string} folder
   * @param {string[]} [names]
   */
  const follow = (folder, names = Object.keys(manifestOf(folder).dependencies ?? {})) => {
    for (const name of names) {
      if (name.startsWith("@sockeye/")) continue;
      const dependency = findPackage(folder, name);
      const key = `${name}@${manifestOf(dependency).version}`;
      if (found.has(key)) continue;
      found.set(key, dependency);
      follow(dependency);
    }
  };
  for (const folder of folders) follow(folder);
  follow(root, beside);
  return [...found.values()];
}

/** The folders of what the published workspaces depend on, as it is installed here. */
export async function foreignPackages() {
  return dependenciesOf(await publishable(), []);
}

/**
 * Packs the workspaces, and returns the manifest and the file of every tarball.
 * @param {string} folder
 * @param {{ withDependencies?: boolean, beside?: string[] }} [choices] `beside`: names of more packages, with what they
 *   depend on
 * @returns {Promise<Tarball[]>}
 */
export async function pack(folder, { withDependencies = false, beside = [] } = {}) {
  await mkdir(folder, { recursive: true });
  const folders = await publishable();
  if (withDependencies) folders.push(...dependenciesOf(folders, beside));
  const { stdout } = await promisify(execFile)(
    "npm",
    ["pack", "--json", "--ignore-scripts", "--pack-destination", folder, ...folders],
    { cwd: root, maxBuffer: 64 * 1024 * 1024 },
  );
  /** @type {{ name: string, version: string, filename: string, integrity: string }[]} */
  // Old npm answers with a list, newer npm with an object by name.
  const packed = Object.values(JSON.parse(stdout));
  return packed.map(({ name, version, filename, integrity }) => ({
    name,
    version,
    integrity,
    file: join(folder, filename),
  }));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = process.argv[2];
  if (folder === undefined) throw new Error("which folder shall the tarballs go to?");
  for (const { name, file } of await pack(resolve(folder))) console.log(`${name}  ${file}`);
}
