// `npm start` of an example: bundles its page and compiles its server into `dist`, then runs the server. The packages
// `@sockeye/*` have to be built (`npm ci && npm run build` at the root of the repository).

import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

const folder = process.cwd();
const dist = join(folder, "dist");
const page = ["page.tsx", "page.ts"].find((name) => existsSync(join(folder, name))) ?? "page.ts";

/** Components of Vue and Svelte; a compiler is loaded where it is needed. @type {import("esbuild").Plugin} */
const components = {
  name: "components",
  setup({ onLoad }) {
    onLoad({ filter: /\.vue$/ }, async ({ path }) => {
      const { compileScript, parse } = await import("vue/compiler-sfc");
      const { descriptor } = parse(await readFile(path, "utf8"), { filename: path });
      const options = { id: path, inlineTemplate: true, isProd: true };
      return { contents: compileScript(descriptor, options).content, loader: "ts" };
    });
    onLoad({ filter: /\.svelte$/ }, async ({ path }) => {
      const { compile } = await import("svelte/compiler");
      const source = await readFile(path, "utf8");
      const { js } = compile(source, { filename: path, generate: "client" });
      return { contents: js.code, loader: "ts" };
    });
  },
};

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
    jsx: "automatic",
    conditions: ["browser"],
    // What users get of frameworks, not what their developers do.
    define: {
      "process.env.NODE_ENV": '"production"',
      __VUE_OPTIONS_API__: "false",
      __VUE_PROD_DEVTOOLS__: "false",
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false",
    },
    plugins: [components],
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
