// The bundles of the installed client.

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import process from "node:process";
import { NodeFiles } from "@sockeye/server";

/** A file in the working directory; `undefined` where a permission is missing. */
function hereabouts(): string | undefined {
  try {
    return join(process.cwd(), "program.js");
  } catch {
    return undefined;
  }
}

/**
 * The files of the client that is installed beside a host. `host`: the address of one of its modules. Where a bundler has taken
 * that place away, the program and the working directory show where packages are.
 */
export function clientFiles(host: string): NodeFiles {
  const places = (): (string | undefined)[] => [host, process.argv[1], hereabouts()];
  return new NodeFiles({ createHash, readFile, createRequire, dirname, join }, places);
}
