// The projects with the runtimes that hosts are tested on: Bun and Deno, uWebSockets.js, and
// Cloudflare's workerd. Uses nothing but Node.

import { join } from "node:path";
import { installProject, isInstalled } from "./npm-project.mjs";
import { root } from "./repository.mjs";

const folders = ["e2e/hosts/runtimes", "e2e/hosts/uws", "e2e/hosts/workers"].map((folder) =>
  join(root, folder),
);

/** Whether the runtimes are there. */
export const areRuntimesThere = () => folders.every(isInstalled);

/** Installs the runtimes, unless that has been done. */
export async function prepareRuntimes() {
  for (const folder of folders) await installProject(folder);
}
