// What keeps an unfinished package.json from being published.

import { expect, test } from "vitest";
import { addressesOf, addressFields } from "./addresses.mjs";
import { checkAddresses, checkFields } from "./fields.mjs";

const FOLDER = "packages/example";
const VERSIONS = new Map([["@sockeye/other", "0.2.0"]]);
const MANIFEST = {
  name: "@sockeye/example",
  version: "0.2.0",
  description: "An example",
  keywords: ["example"],
  license: "MIT",
  ...addressFields(addressesOf("https://forge.example/a/b"), FOLDER),
  type: "module",
  engines: { node: ">=20" },
  main: "./dist/index.js",
  types: "./dist/index.d.ts",
  exports: { ".": "./dist/index.js" },
  files: ["dist"],
  publishConfig: { access: "public" },
  dependencies: { "@sockeye/other": "0.2.0", ws: "^8.0.0" },
};

const check = (changes: Record<string, unknown>): string[] =>
  checkFields(FOLDER, { ...MANIFEST, ...changes }, VERSIONS);

test("addresses that lead nowhere are refused, and missing ones", () => {
  const address = (host: string) => ({
    homepage: `https://${host}`,
    repository: { type: "git", url: `git+https://${host}/a.git` },
    bugs: { url: `https://${host}/issues` },
  });
  expect(checkAddresses(address("host.example"))).toEqual([]);
  expect(checkAddresses(address("sockeye.invalid"))).toHaveLength(3);
  const { bugs: _, ...rest } = address("host.example");
  expect(checkAddresses(rest)).toEqual([
    'package.json: "bugs" is missing: write the real one there and run `npm run manifests`, or give `--repository URL` (or set SOCKEYE_REPOSITORY)',
  ]);
});

test.each([
  "https://forge.example/a/b",
  "https://forge.example/a/b.git",
  "git+https://forge.example/a/b.git",
  "https://forge.example/a/b/",
])("all addresses follow from %s", (repository) => {
  expect(addressesOf(repository)).toEqual({
    homepage: "https://forge.example/a/b#readme",
    repository: { type: "git", url: "git+https://forge.example/a/b.git" },
    bugs: { url: "https://forge.example/a/b/issues" },
  });
});

test.each(["", "forge.example/a", "http://forge.example/a", "https://forge.example"])(
  "%j is no address of a repository",
  (repository) => {
    expect(() => addressesOf(repository)).toThrow(/--repository wants an address/);
  },
);

test("a package.json with everything is accepted", () => {
  expect(check({})).toEqual([]);
});

test.each(Object.keys(MANIFEST).filter((field) => field !== "dependencies"))(
  "%s must be there",
  (field) => {
    expect(check({ [field]: undefined })).toContain(
      `packages/example/package.json: "${field}" is missing`,
    );
  },
);

test("fields without content count as missing", () => {
  expect(check({ keywords: [], description: "" })).toHaveLength(2);
});

test.each([
  [{ private: true }, "is private"],
  [{ scripts: { postinstall: "x" } }, 'runs a script where it is installed: "postinstall"'],
  [
    { dependencies: { "@sockeye/other": "0.1.0" } },
    "wants @sockeye/other@0.1.0, published is 0.2.0",
  ],
  [
    { dependencies: { "@sockeye/other": "^0.2.0" } },
    "wants @sockeye/other@^0.2.0, published is 0.2.0",
  ],
  [
    { dependencies: { "@sockeye/new": "0.2.0" } },
    'depends on "@sockeye/new", which is not published',
  ],
  [{ dependencies: { ws: "file:../ws" } }, '"ws" is not from a registry: file:../ws'],
  [
    { repository: { ...MANIFEST.repository, directory: "packages/other" } },
    '"repository.directory" is not packages/example',
  ],
  [
    { repository: { ...MANIFEST.repository, url: "git@forge.example:a/b.git" } },
    '"repository" is not the https address of a git repository',
  ],
])("%j is refused", (changes, complaint) => {
  expect(check(changes)).toEqual([`packages/example/package.json: ${complaint}`]);
});
