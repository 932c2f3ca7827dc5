// What has to be there before anything can be built: a recent Node and the packages of the lock
// file. Uses nothing but Node.

import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { root } from "./repository.mjs";
import { run } from "./run-program.mjs";

const OLDEST = [20, 19];

/**
 * Installs what the lock file names, unless that has been done since the lock file last changed.
 * @returns {Promise<void>} ends the process with a message when it cannot
 */
export async function installPackages() {
  refuseOldNode(process.versions.node);
  if (!isStale()) return;
  console.log("Installing packages (npm ci) …");
  const code = await run("npm", ["ci", "--no-fund", "--no-audit"]);
  if (code !== 0) process.exit(code);
}

/** @param {string} version */
function refuseOldNode(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  console.error(`Node ${OLDEST.join(".")} or newer is needed; this is ${version}.`);
  process.exit(1);
}

/** Whether the lock file has changed since it was installed: npm writes its own copy of it as the last thing. */
export function isStale() {
  const installed = join(root, "node_modules/.package-lock.json");
  if (!existsSync(installed)) return true;
  return statSync(installed).mtimeMs < statSync(join(root, "package-lock.json")).mtimeMs;
}
