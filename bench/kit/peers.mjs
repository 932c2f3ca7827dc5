// The project with what is measured beside ours on other runtimes, folder `peers`.

import { createRequire } from "node:module";
import { join } from "node:path";
import { installProject, isInstalled } from "../../scripts/npm-project.mjs";

const folder = join(import.meta.dirname, "../peers");

/** Whether it is installed. */
export const arePeersThere = () => isInstalled(folder);

/** Installs it, unless that has been done. */
export const preparePeers = () => installProject(folder);

/**
 * Loads one of its packages.
 * @param {string} name
 * @returns {Promise<any>} the module, which has no types here
 */
export const importPeer = (name) =>
  import(createRequire(join(folder, "package.json")).resolve(name));
