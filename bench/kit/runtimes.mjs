// The runtimes besides Node that servers are measured on: those that the tests have, else those on the PATH.

import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

const TESTS = join(import.meta.dirname, "../../e2e/hosts/runtimes/node_modules");

/**
 * @param {string} name of the program
 * @param {string} path of the package that has it
 */
function find(name, path) {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return [join(TESTS, path, name), ...folders.map((folder) => join(folder, name))].find(existsSync);
}

/** Bun's program, or `undefined`. */
export const bunPath = find("bun", "@oven/bun-linux-x64/bin");

/** Deno's program, or `undefined`. */
export const denoPath = find("deno", "@deno/linux-x64-glibc");

/** What stands before the path of a program on Deno, in place of Node's flags. */
export const DENO_FLAGS = [
  ...["run", "-A", "--no-check", "--quiet"],
  // Otherwise Deno runs CommonJS that it has compiled before, although a build has changed it since.
  "--no-code-cache",
  "--v8-flags=--expose-gc",
];
