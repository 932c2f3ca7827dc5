// Where things are in this repository: its root, its files, its workspaces.
// Knows nothing of any single check.

import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Absolute path of the repository, without a trailing slash. */
export const root = fileURLToPath(new URL("..", import.meta.url)).replace(/[\\/]$/, "");

/**
 * The contents of a file.
 * @param {string} path relative to the root
 */
export function read(path) {
  return readFileSync(join(root, path), "utf8");
}

/**
 * Files that git tracks or would track, relative to the root.
 * @param {RegExp} [pattern] only paths that match
 * @returns {string[]}
 */
export function repositoryFiles(pattern = /./) {
  const listing = execFileSync("git", ["ls-files", "-z", "-co", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  return [...new Set(listing.split("\0"))]
    .filter((path) => path !== "" && pattern.test(path) && existsSync(join(root, path)))
    .sort();
}

/**
 * @typedef {object} Manifest
 * @property {string} name
 * @property {string} version
 * @property {boolean} [private]
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [peerDependencies]
 * @property {Record<string, string>} [optionalDependencies]
 * @property {Record<string, string>} [devDependencies]
 *
 * @typedef {{ folder: string, manifest: Manifest }} Workspace
 */

/**
 * Every workspace folder with its package.json, in the order of the root's `workspaces`.
 * @returns {Workspace[]}
 */
export function workspaces() {
  /** @type {string[]} */
  const patterns = JSON.parse(read("package.json")).workspaces;
  return patterns
    .flatMap((pattern) => {
      if (!pattern.endsWith("/*")) return [pattern];
      const parent = pattern.slice(0, -2);
      return existsSync(join(root, parent))
        ? readdirSync(join(root, parent)).map((name) => `${parent}/${name}`)
        : [];
    })
    .filter((folder) => existsSync(join(root, folder, "package.json")))
    .map((folder) => ({ folder, manifest: JSON.parse(read(`${folder}/package.json`)) }));
}
