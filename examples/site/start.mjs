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

/** Components of Svelte; its compiler is loaded where there are some. @type {import("esbuild").Plugin} */
const svelte = {
  name: "svelte",
  setup({ onLoad }) {
    onLoad({ filter: /\.svelte$/ }, async ({ path }) => {
      const { compile } = await import("svelte/compiler");
      const source = await readFile(path, "utf8");
      const { js } = compile(source, { filename: path, generate: "client", css: "external" });
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
    // Vue's build that compiles templates; and no developer's build of either framework.
    alias: { vue: "vue/dist/vue.esm-bundler.js" },
    define: {
      "process.env.NODE_ENV": '"production"',
      __VUE_OPTIONS_API__: "false",
      __VUE_PROD_DEVTOOLS__: "false",
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false",
    },
    plugins: [svelte],
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
