// The runtimes that hosts run on, and where they are. Bun and Deno come from npm, as a project of their own with a lock
// file (folder `runtimes`), which scripts/setup-runtimes.mjs installs.

import { existsSync } from "node:fs";
import { join } from "node:path";

/** A program that runs the program of a host. */
export interface Runtime {
  readonly name: string;
  /** Its executable; `undefined` when it is not installed. */
  readonly path: string | undefined;
  /** What stands before the path of the program. */
  readonly args: readonly string[];
}

function installed(name: string, path: string, args: readonly string[] = []): Runtime {
  const file = join(import.meta.dirname, "runtimes/node_modules", path);
  return { name, path: existsSync(file) ? file : undefined, args };
}

/** The release of Node that the tests run on. */
export const node: Runtime = { name: "Node", path: process.execPath, args: [] };
export const bun: Runtime = installed("Bun", "@oven/bun-linux-x64/bin/bun");
export const deno: Runtime = installed("Deno", "@deno/linux-x64-glibc/deno", [
  "run",
  "-A",
  "--no-check",
  "--quiet",
]);
