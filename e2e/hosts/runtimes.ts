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
  const file = join(import.meta.dirname, path);
  return { name, path: existsSync(file) ? file : undefined, args };
}

/** A release of Node from the project that packed packages are tried with. */
export function nodeRelease(major: number): Runtime {
  const path = `../packed/toolchain/node_modules/node-${major}-linux-x64/bin/node`;
  return installed(`Node ${major}`, path);
}

/** The release of Node that the tests run on. */
export const node: Runtime = { name: "Node", path: process.execPath, args: [] };
export const bun: Runtime = installed("Bun", "runtimes/node_modules/@oven/bun-linux-x64/bin/bun");
export const deno: Runtime = installed("Deno", "runtimes/node_modules/@deno/linux-x64-glibc/deno", [
  "run",
  "-A",
  "--no-check",
  "--quiet",
  // Otherwise Deno runs CommonJS that it has compiled before, although a build has changed it since.
  "--no-code-cache",
]);

/** Cloudflare's runtime, which a program on Node starts. */
export const workerd: Runtime = withWorkerd(node);

function withWorkerd(runtime: Runtime): Runtime {
  const build = join(import.meta.dirname, "workers/node_modules/miniflare");
  return { ...runtime, name: "workerd", path: existsSync(build) ? runtime.path : undefined };
}

/** Node 20 beside uWebSockets.js, whose build has binaries for no later release. */
export const nodeWithUws: Runtime = withUws(
  process.versions.node.startsWith("20.") ? node : nodeRelease(20),
);

function withUws(runtime: Runtime): Runtime {
  const build = join(import.meta.dirname, "uws/node_modules/@trufflesuite/uws-js-unofficial");
  return { ...runtime, name: "uWebSockets.js", path: existsSync(build) ? runtime.path : undefined };
}
