// The project with the runtimes that hosts are tested on: Bun and Deno. Uses nothing but Node.

import { join } from "node:path";
import { installProject, isInstalled } from "./npm-project.mjs";
import { root } from "./repository.mjs";

const folder = join(root, "e2e/hosts/runtimes");

/** Whether the runtimes are there. */
export const areRuntimesThere = () => isInstalled(folder);

/** Installs the runtimes, unless that has been done. */
export const prepareRuntimes = () => installProject(folder);
