// The compilers, Jest and the releases of Node in `toolchain`, a project of its own with a lock file. Installed there by the
// set-up of the packed projects; kept between runs.

import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { modules, optionalDependencies } from "../../../scripts/toolchain.mjs";

const releases = Object.keys(optionalDependencies());
const nameOf = (dependency: string): string => dependency.replace(/^node-(\d+)-.*/, "Node $1");

/** The releases of Node that are brought, by name. */
export const NODE_RELEASES: readonly string[] = [...new Set(releases.map(nameOf))];

/** The program of a release; undefined when none of its packages is for this machine. */
export function nodeProgram(release: string): string | undefined {
  return releases
    .filter((dependency) => nameOf(dependency) === release)
    .map((dependency) => join(modules, dependency, "bin/node"))
    .find(existsSync);
}

const ours = createRequire(import.meta.url).resolve("typescript/package.json");

/** A file of a package in the toolchain. */
export const inToolchain = (path: string): string => join(modules, path);

/** The compilers that consumers have, by name. */
export const COMPILERS: Readonly<Record<string, string>> = {
  "TypeScript 5.4": join(modules, "typescript-5.4/bin/tsc"),
  "TypeScript 5.6": join(modules, "typescript-5.6/bin/tsc"),
  "TypeScript 5.9": join(modules, "typescript-5.9/bin/tsc"),
  "TypeScript 6": join(modules, "typescript-6/bin/tsc"),
  "TypeScript 7": join(ours, "../bin/tsc"),
};

/** The interface to a compiler that programs can call; TypeScript 7 has none. */
export const COMPILER_API: string = join(modules, "typescript-6/lib/typescript.js");
