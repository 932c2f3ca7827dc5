// The examples with frameworks: projects of their own with lock files, so that their packages come to nobody who does not
// want them. Uses nothing but Node.

import { join } from "node:path";
import { installProject, isInstalled } from "./npm-project.mjs";
import { root } from "./repository.mjs";

const folders = ["elysia", "express", "fastify", "h3", "nest"].map((name) =>
  join(root, "examples/frameworks", name),
);

/** Whether the frameworks are there. */
export const areFrameworksThere = () => folders.every(isInstalled);

/** Installs the frameworks, unless that has been done. */
export async function prepareFrameworks() {
  for (const folder of folders) await installProject(folder);
}
