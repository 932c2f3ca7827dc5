// The project that packed packages are tried with: compilers, Jest, releases of Node. Uses nothing but Node.

import { execFile } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { root } from "./repository.mjs";

/** The folder of the project. */
const folder = join(root, "e2e/packed/toolchain");

/** Where its packages are. */
export const modules = join(folder, "node_modules");

const INSTALL_MS = 300_000;

/** Whether what the lock file names has been installed. npm writes its own copy of it at the end. */
export function isPrepared() {
  const installed = join(modules, ".package-lock.json");
  const lock = join(folder, "package-lock.json");
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs;
}

/** Installs what the lock file names, unless that has been done. */
export async function prepareToolchain() {
  if (isPrepared()) return;
  const args = ["ci", "--ignore-scripts", "--no-fund", "--no-audit", "--prefix", folder];
  await promisify(execFile)("npm", args, { cwd: folder, timeout: INSTALL_MS });
}

/**
 * The optional dependencies of the project: the releases of Node.
 * @returns {Record<string, string>}
 */
export function optionalDependencies() {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).optionalDependencies;
}
