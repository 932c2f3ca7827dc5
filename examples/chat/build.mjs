// Bundles the page's script into dist/page/app.js. The compiler (tsc -b) has to run first: it
// checks the page and makes the server.

import { fileURLToPath } from "node:url";
import { build } from "esbuild";

await build({
  absWorkingDir: fileURLToPath(new URL(".", import.meta.url)),
  entryPoints: ["src/page/app.ts"],
  outfile: "dist/page/app.js",
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  sourcemap: true,
  legalComments: "none",
  logLevel: "warning",
});
