// The simulator as one file, out of the sources: for workers, and with a planted fault. The fuzzer as well.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { read, root } from "../repository.mjs";

const ENTRY = "packages/testkit/src/simulator/index.ts";

/** @typedef {import("./planted.mjs").PlantedFault} PlantedFault */

/**
 * The text of a file with a fault.
 * @param {PlantedFault} fault
 * @throws Error when the place is not there once
 */
function mutated({ file, find, name, replace }) {
  const parts = read(file).split(find);
  if (parts.length !== 2) {
    throw new Error(`${file}: the place of "${name}" occurs ${parts.length - 1} times`);
  }
  return parts.join(replace);
}

/**
 * @param {PlantedFault} fault
 * @returns {import("esbuild").Plugin}
 */
function planting(fault) {
  const path = join(root, fault.file);
  return {
    name: "planting",
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, (args) =>
        args.path === path ? { contents: mutated(fault), loader: "ts" } : null,
      );
    },
  };
}

/** A folder for bundles, which is removed in the end. */
export async function makeFolder() {
  const folder = await mkdtemp(join(tmpdir(), "sockeye-simulate-"));
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

// Modules of others are CommonJS, and ask for Node's.
const REQUIRE = `import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);`;

/**
 * Bundles the simulator, or another entry; returns the path of the file.
 * @param {string} folder
 * @param {{ fault?: PlantedFault | null, name?: string, entry?: string }} [wanted]
 */
export async function bundle(folder, { entry = ENTRY, fault = null, name = "simulator" } = {}) {
  const outfile = join(folder, `${name}.mjs`);
  await build({
    absWorkingDir: root,
    entryPoints: [entry],
    banner: { js: REQUIRE },
    bundle: true,
    conditions: ["sockeye-source"],
    format: "esm",
    logLevel: "error",
    outfile,
    platform: "node",
    plugins: fault === null ? [] : [planting(fault)],
    sourcemap: "inline",
    target: "node20",
  });
  return outfile;
}
