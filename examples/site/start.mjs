// `npm start` of an example: bundles its page and compiles its server into `dist`, then runs the server. The packages
// `@sockeye/*` have to be built (`npm ci && npm run build` at the root of the repository).

import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { pageOptions } from "./page-options.mjs";

const folder = process.cwd();
const dist = join(folder, "dist");
const page = ["page.tsx", "page.ts"].find((name) => existsSync(join(folder, name))) ?? "page.ts";

/** @type {import("esbuild").BuildOptions} */
const both = {
  absWorkingDir: folder,
  bundle: true,
  format: "esm",
  target: "es2022",
  sourcemap: true,
  legalComments: "none",
  logLevel: "warning",
};

await Promise.all([
  build({
    ...both,
    entryPoints: { page },
    outdir: dist,
    splitting: true,
    chunkNames: "[name]-[hash]",
    minify: true,
    ...pageOptions,
  }),
  build({
    ...both,
    entryPoints: { server: "server.ts" },
    outdir: dist,
    platform: "node",
    packages: "external",
  }),
]);
await import(pathToFileURL(join(dist, "server.js")).href);
