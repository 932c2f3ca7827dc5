// Packs the workspaces and installs them in a folder of their own, once for all projects of a run and without a network:
// whatever is not packed or not declared as a dependency is missing there.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { facades } from "../../../scripts/packaging/facades.mjs";
import { prepareToolchain } from "../../../scripts/toolchain.mjs";
import { installFrom } from "../../kit/packages/npm-install.mjs";
import { pack } from "../../kit/packages/pack.mjs";
import { FOLDER_VARIABLE } from "./installation.ts";

const DEPENDENCIES = {
  ...Object.fromEntries(
    [
      "auth",
      "bun",
      "client",
      "cluster",
      "contract",
      "deno",
      "fastify",
      "fetch",
      "limits",
      "nats",
      "nest",
      "node",
      "postgres",
      "presence",
      "react",
      "redis",
      "svelte",
      "uws",
      "vue",
      "workers",
    ].map((name) => [`@sockeye/${name}`, "*"]),
  ),
  // What a consumer's compiler needs beside them.
  "@types/node": "*",
  // The peers of bindings.
  react: "*",
  svelte: "*",
  vue: "*",
  ...Object.fromEntries(
    Object.entries(facades).flatMap(([folder, { version }]) => {
      const name = folder.slice("facades/".length);
      return [
        [`@sockeye/${name}`, version],
        [name, `npm:@sockeye/${name}@${version}`],
      ];
    }),
  ),
};

async function install(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "packed-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const manifest = { private: true, type: "module", dependencies: DEPENDENCIES };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  const tarballs = await pack(join(folder, "tarballs"), {
    withDependencies: true,
    beside: ["@types/node", "react", "svelte", "vue"],
  });
  const code = await installFrom(folder, tarballs, { everything: true });
  if (code !== 0) throw new Error(`npm ended with ${code}`);
  process.env[FOLDER_VARIABLE] = folder;
}

// Each project loads this file anew; the process is theirs together.
const shared: { sockeyePacked?: Promise<unknown> } = globalThis as object;

/** Called by the test runner, once for each project. */
export async function setup(): Promise<void> {
  if (process.env[FOLDER_VARIABLE] !== undefined) return;
  // Not by the test files: several run at a time, and each would install the toolchain into the one folder.
  shared.sockeyePacked ??= Promise.all([install(), prepareToolchain()]);
  await shared.sockeyePacked;
}
