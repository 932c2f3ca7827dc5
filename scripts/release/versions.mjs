// What follows in the lock file from the versions of the workspaces. Knows no file system.

/**
 * @typedef {Record<string, unknown>} Entry
 * @typedef {{ version?: string, packages: Record<string, Entry> }} Lock
 */

const DEPENDENCIES = /** @type {const} */ ([
  "dependencies",
  "devDependencies",
  "optionalDependencies",
  "peerDependencies",
]);

/**
 * The lock file with the versions and dependencies that the workspaces have now. npm would write it anew, and leave out what
 * the registry at hand does not offer for other platforms.
 * @param {Lock} lock
 * @param {string} version of the root
 * @param {import("../repository.mjs").Workspace[]} members
 * @returns {Lock}
 */
export function withVersions(lock, version, members) {
  /** @type {Lock["packages"]} */
  const packages = { ...lock.packages, "": { ...lock.packages[""], version } };
  for (const { folder, manifest } of members) {
    /** @type {Entry} */
    const entry = { ...packages[folder], version: manifest.version };
    for (const kind of DEPENDENCIES) {
      if (manifest[kind] !== undefined) entry[kind] = manifest[kind];
    }
    packages[folder] = entry;
  }
  return { ...lock, version, packages };
}
