// The project that packed packages are tried with: compilers, Jest, releases of Node. Uses nothing but Node.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { installProject, isInstalled } from "./npm-project.mjs";
import { root } from "./repository.mjs";

/** The folder of the project. */
const folder = join(root, "e2e/packed/toolchain");

/** Where its packages are. */
export const modules = join(folder, "node_modules");

/** Whether what the lock file names has been installed. */
export const isPrepared = () => isInstalled(folder);

/** Installs what the lock file names, unless that has been done. */
export const prepareToolchain = () => installProject(folder);

/**
 * The optional dependencies of the project: the releases of Node.
 * @returns {Record<string, string>}
 */
export function optionalDependencies() {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).optionalDependencies;
}
