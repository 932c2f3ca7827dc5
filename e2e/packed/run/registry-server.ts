// A registry at the loopback address, with nothing in it, and the package managers that install from it; all of them from
// `registry`, a project of its own with a lock file. Installed there when it is first needed, and kept between runs.

import { execFile } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { type ChildProgram, launch } from "../../kit/child-program.ts";

const folder = join(import.meta.dirname, "../registry");
const modules = join(folder, "node_modules");
const SERVE = join(import.meta.dirname, "../programs/registry/serve.cjs");

/** How long the installation may take. */
export const INSTALL_MS = 300_000;

/** Programs of package managers, for Node. */
export const MANAGERS = {
  pnpm: join(modules, "pnpm/bin/pnpm.cjs"),
  "yarn 1": join(modules, "yarn/bin/yarn.js"),
  "yarn 4": join(modules, "@yarnpkg/cli-dist/bin/yarn.js"),
} as const;

/** Installs what the lock file names, unless that has been done. npm writes its own copy of it at the end. */
export async function prepareRegistry(): Promise<void> {
  const installed = join(modules, ".package-lock.json");
  const lock = join(folder, "package-lock.json");
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  const args = ["ci", "--ignore-scripts", "--no-fund", "--no-audit", "--prefix", folder];
  await promisify(execFile)("npm", args, { cwd: folder, timeout: INSTALL_MS });
}

/** A registry that runs. */
export interface RunningRegistry {
  readonly url: string;
  readonly program: ChildProgram;
}

/** Starts a registry whose store is in `store`. */
export async function startRegistry(store: string): Promise<RunningRegistry> {
  const program = launch({ path: SERVE, args: [join(folder, "package.json"), store] });
  try {
    const [port] = await program.inbox.take("ready");
    return { url: `http://127.0.0.1:${port}`, program };
  } catch (error) {
    await program.kill();
    throw new Error(`the registry did not start: ${program.stderr}`, { cause: error });
  }
}
