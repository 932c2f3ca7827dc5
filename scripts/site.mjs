// The documentation site: `npm run docs` serves it and shows changes at once, `npm run docs:build` writes it into docs/site/.vitepress/dist.
// Installs its packages when they are missing.

import { join } from "node:path";
import { installProject, isInstalled } from "./npm-project.mjs";
import { root } from "./repository.mjs";
import { run } from "./run-program.mjs";

const folder = join(root, "docs/site");
const frameworks = join(folder, "snippets/frameworks");

/** Whether what builds the site, and what compiles its pages on frameworks, has been installed. */
export const isSiteThere = () => isInstalled(folder) && isInstalled(frameworks);

/** Installs both, unless that has been done. */
export async function prepareSite() {
  await installProject(folder);
  await installProject(frameworks);
}

if (process.argv[1] === import.meta.filename) {
  await installProject(folder);
  const vitepress = join(folder, "node_modules/vitepress/bin/vitepress.js");
  process.exitCode = await run(process.execPath, [vitepress, ...process.argv.slice(2), folder]);
}
