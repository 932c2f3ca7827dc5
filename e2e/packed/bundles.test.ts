// The installed packages in bundles of esbuild: a server and a client in one file without node_modules beside it, and the
// client in a page by either kind of module. The other bundlers are in the matrix (e2e/install).

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createContext, runInContext } from "node:vm";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runNode } from "./run/clean-node.ts";
import { installation } from "./run/installation.ts";

const SERVER = join(import.meta.dirname, "programs/bundled-server.mjs");
let sources = "";
let away = "";

beforeAll(() => {
  sources = join(installation(), "bundled");
  cpSync(SERVER, join(sources, "server.mjs"), { recursive: true });
  // No packages are found from there.
  away = mkdtempSync(join(tmpdir(), "bundle-"));
});
afterAll(() => {
  rmSync(away, { recursive: true, force: true });
});

const bundle = (input: string, output: string, options: object) =>
  build({
    absWorkingDir: sources,
    entryPoints: [input],
    outfile: join(away, output),
    bundle: true,
    logLevel: "error",
    ...options,
  });

// An ES module needs `require` for the CommonJS of any package: esbuild's own advice.
const REQUIRE =
  'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);';

test.each([
  ["CommonJS", "server.cjs", { format: "cjs" }],
  ["CommonJS, minified", "server.min.cjs", { format: "cjs", minify: true }],
  ["an ES module", "server.mjs", { format: "esm", banner: { js: REQUIRE } }],
])("a server as %s", async (_title, output, options) => {
  await bundle("server.mjs", output, { platform: "node", target: "node20", ...options });
  const { stdout, stderr } = await runNode([join(away, output)], { cwd: away });
  expect([JSON.parse(stdout), stderr]).toEqual([
    { answers: ["websocket", "polling"], file: 404, withoutFiles: true },
    "",
  ]);
});

test.each([
  ["socket.io-client", "require"],
  ["@sockeye/client", "require"],
  ["socket.io-client", "import"],
  ["@sockeye/client", "import"],
])("%s in a page by %s is a function with everything on it", async (name, kind) => {
  const code =
    kind === "require"
      ? `page.io = require("${name}");`
      : `import io from "${name}"; import * as all from "${name}"; page.io = io; page.all = all;`;
  writeFileSync(join(sources, "page.js"), code);
  await bundle("page.js", "page.js", { platform: "browser", format: "iife", minify: true });
  const page: { io?: Record<string, unknown>; all?: object } = {};
  const globals = createContext({ page, setTimeout, clearTimeout, URL, TextEncoder });
  runInContext(readFileSync(join(away, "page.js"), "utf8"), globals);
  const { io } = page;
  expect(typeof io).toBe("function");
  expect(io?.["io"]).toBe(io);
  expect(["Manager", "Socket", "connect"].map((each) => typeof io?.[each])).toEqual(
    Array(3).fill("function"),
  );
});
