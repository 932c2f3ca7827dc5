// A folder with a package.json and a lock file of its own, apart from the workspaces. Uses nothing but Node.

import { execFile } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const INSTALL_MS = 300_000;

/**
 * Whether what the lock file names has been installed. npm writes its own copy of it at the end.
 * @param {string} folder
 */
export function isInstalled(folder) {
  const installed = join(folder, "node_modules/.package-lock.json");
  const lock = join(folder, "package-lock.json");
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs;
}

/**
 * Installs what the lock file names, unless that has been done.
 * @param {string} folder
 */
export async function installProject(folder) {
  if (isInstalled(folder)) return;
  const args = ["ci", "--ignore-scripts", "--no-fund", "--no-audit", "--prefix", folder];
  await promisify(execFile)("npm", args, { cwd: folder, timeout: INSTALL_MS });
}
