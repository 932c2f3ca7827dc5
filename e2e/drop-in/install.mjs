// `node install.mjs FOLDER`: copies the project into a folder outside the repository and installs it there, its
// dependencies from npm and the workspaces from tarballs. Fails with npm's exit code.

import { cp } from "node:fs/promises";
import { join, resolve } from "node:path";
import { installFrom } from "../kit/packages/npm-install.mjs";
import { pack } from "../kit/packages/pack.mjs";

const [folder] = process.argv.slice(2).map((path) => resolve(path));
if (folder === undefined) throw new Error("which folder shall the project be installed into?");
await cp(join(import.meta.dirname, "project"), folder, { recursive: true });
process.exitCode = await installFrom(folder, await pack(join(folder, "tarballs")));
