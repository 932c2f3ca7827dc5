// Installs Debian packages where that is possible: as root, on Debian. Knows no package.

import { existsSync } from "node:fs";
import { run } from "./run-program.mjs";

/** Whether packages can be installed here. */
export const isDebianRoot = existsSync("/etc/debian_version") && process.getuid?.() === 0;

/**
 * Installs packages by name, from fresh lists. What became of it is seen in what is there afterwards.
 * @param {string[]} names
 * @returns {Promise<void>}
 */
export async function installFromDebian(names) {
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  const updated = await run("apt-get", ["update", "-qq"], { env });
  if (updated !== 0) return;
  await run("apt-get", ["install", "-qq", "-y", "--no-install-recommends", ...names], { env });
}
