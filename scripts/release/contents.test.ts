// Shows that what is packed is looked at: each rule with a package that breaks it.

import { expect, test } from "vitest";
import { checkContents } from "./contents.mjs";

const MANIFEST = {
  name: "@sockeye/example",
  main: "./dist/index.js",
  types: "./dist/index.d.ts",
  exports: {
    ".": {
      "sockeye-source": "./src/index.ts",
      import: { types: "./dist/index.d.mts", default: "./dist/index.mjs" },
      default: { types: "./dist/index.d.ts", default: "./dist/index.js" },
    },
    "./package.json": "./package.json",
  },
};
const FILES = {
  "package.json": "{}",
  "README.md": "",
  LICENSE: "",
  "dist/index.js":
    'const part = require("./shared/part-1A.js");\n//# sourceMappingURL=index.js.map',
  "dist/index.mjs": 'export { a } from "./index.js";',
  "dist/index.d.ts": 'export * from "./typed/a.js";',
  "dist/index.d.mts": 'export * from "./index.js";',
  "dist/typed/a.d.ts": "",
  "dist/shared/part-1A.js": "",
};

const check = (files: Record<string, string>, manifest: Record<string, unknown> = MANIFEST) =>
  checkContents({ manifest, files: new Map(Object.entries(files)) });

test("a package of what its entries lead to is accepted", () => {
  expect(check(FILES)).toEqual([]);
});

test.each(["README.md", "LICENSE", "package.json"])("%s must be there", (file) => {
  const { [file]: _, ...rest } = FILES as Record<string, string>;
  expect(check(rest)).toContain(`@sockeye/example: ${file} is missing`);
});

test.each([
  ["dist/index.test.js", "a test"],
  ["dist/test/set-up.js", "a test"],
  ["src/index.js", "a source"],
  ["dist/index.ts", "a source"],
  ["dist/index.d.ts.map", "the map of a declaration, without the source"],
  ["dist/.tsbuildinfo", "a stray file"],
  ["old.tgz", "a stray file"],
])("%s must not be there: %s", (file, kind) => {
  expect(check({ ...FILES, [file]: "" })).toContain(
    `@sockeye/example: must not be published: ${file} (${kind})`,
  );
});

test.each(["dist/shared/part-0Z.js", "dist/index.js.map", "notes.md", "dist/typed/b.d.ts"])(
  "%s, to which nothing leads, must not be there",
  (file) => {
    expect(check({ ...FILES, [file]: "" })).toEqual([`@sockeye/example: nothing leads to ${file}`]);
  },
);

test("the scripts that a server hands out, and their maps, need nothing that leads to them", () => {
  const scripts = { "dist/socket.io.min.js": "", "client-dist/socket.io.esm.min.js.map": "" };
  expect(check({ ...FILES, ...scripts })).toEqual([]);
});

test("a command leads to its file, and what that imports", () => {
  const files = { ...FILES, "bin/run.mjs": 'import "../dist/run.mjs";', "dist/run.mjs": "" };
  expect(check(files, { ...MANIFEST, bin: { run: "bin/run.mjs" } })).toEqual([]);
});

test("a file to which an entry leads must be there", () => {
  const { "dist/index.mjs": _, ...rest } = FILES;
  expect(check(rest)).toEqual([
    "@sockeye/example: package.json leads to dist/index.mjs, which is not there",
  ]);
});

test("each way into an entry has types", () => {
  const exports = { ".": { import: "./dist/index.mjs", default: MANIFEST.exports["."].default } };
  expect(check({ ...FILES, "dist/index.d.mts": "" }, { ...MANIFEST, exports })).toContain(
    '@sockeye/example: "exports" has no types for . (dist/index.mjs)',
  );
});

test("folders for older tools lead to files that are there", () => {
  const stub = { "debug/package.json": '{ "main": "../dist/debug.js" }' };
  expect(check({ ...FILES, ...stub })).toEqual([
    "@sockeye/example: package.json leads to dist/debug.js, which is not there",
  ]);
  expect(check({ ...FILES, ...stub, "dist/debug.js": "" })).toEqual([]);
});
