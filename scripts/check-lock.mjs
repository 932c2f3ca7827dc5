// Fails when `npm ci` would: every dependency that the lock file speaks of must stand in it, those
// for other platforms too, although npm leaves out what a registry did not offer. And it names no host.

import { read } from "./repository.mjs";
import { runAsStep } from "./step.mjs";

/**
 * @typedef {object} Entry one package of the lock file
 * @property {string} [resolved]
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [devDependencies]
 * @property {Record<string, string>} [optionalDependencies]
 */

/**
 * The complaints about the packages of a lock file.
 * @param {Record<string, Entry>} packages by their paths
 * @returns {string[]}
 */
export function checkLock(packages) {
  return Object.entries(packages).flatMap(([path, entry]) => {
    const wanted = { ...entry.dependencies, ...entry.optionalDependencies };
    // npm installs development dependencies only of the root and the workspaces.
    if (!path.includes("node_modules/")) Object.assign(wanted, entry.devDependencies);
    const missing = Object.keys(wanted).filter((name) => !isFound(packages, path, name));
    const hosts = entry.resolved?.includes("://") ? [entry.resolved] : [];
    return [
      ...missing.map((name) => `package-lock.json: ${path || "the root"} wants ${name}`),
      ...hosts.map((host) => `package-lock.json: names a host: ${host}`),
    ];
  });
}

/**
 * Whether a package is found from a path as Node would find it: in the nearest node_modules upwards.
 * @param {Record<string, Entry>} packages
 * @param {string} path
 * @param {string} name
 * @returns {boolean}
 */
function isFound(packages, path, name) {
  const prefix = path === "" ? "" : `${path}/`;
  if (packages[`${prefix}node_modules/${name}`] !== undefined) return true;
  if (path === "") return false;
  return isFound(packages, path.slice(0, Math.max(0, path.lastIndexOf("/"))), name);
}

await runAsStep(import.meta.url, () => {
  /** @type {{ packages: Record<string, Entry> }} */
  const { packages } = JSON.parse(read("package-lock.json"));
  return { problems: checkLock(packages), summary: `${Object.keys(packages).length} packages` };
});
