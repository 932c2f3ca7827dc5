// The two forms of the installed packages, ES modules and CommonJS: the same names, and in Node one instance of both.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { type Entry, forms } from "../../scripts/packaging/entries.mjs";
import { facades } from "../../scripts/packaging/facades.mjs";
import { runNode } from "./run/clean-node.ts";
import { fileOf, installation } from "./run/installation.ts";

const root = join(import.meta.dirname, "../..");
const require = createRequire(join(installation(), "application.js"));

type Exports = Record<string, unknown>;
type Class = (new (...args: never[]) => unknown) & { readonly name: string };

const manifestIn = (folder: string): { name: string; version: string } =>
  JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
const nameOf = (folder: string): string => manifestIn(join(root, folder)).name;
const isClass = (value: unknown): value is Class =>
  typeof value === "function" && /^class\b/.test(Function.prototype.toString.call(value));

const ALL = Object.entries(forms).flatMap(([folder, { entries, isModuleOnly = false }]) =>
  Object.entries<Entry>(entries).map(([key, entry]) => ({
    name: nameOf(folder),
    key,
    path: join(nameOf(folder), key),
    compiled: join(root, folder, "dist", `${typeof entry === "string" ? entry : entry.node}.js`),
    isModuleOnly,
  })),
);
const ENTRIES = ALL.filter(({ isModuleOnly }) => !isModuleOnly);
const MODULES = ALL.filter(({ isModuleOnly }) => isModuleOnly);

const imported = (name: string, key: string): Promise<Exports> =>
  import(pathToFileURL(fileOf(name, key, ["node", "import"])).href);

describe.each(ENTRIES)("$path", ({ name, key, path, compiled }) => {
  test("import and require give the same values", async () => {
    const [module, required] = [await imported(name, key), require(path) as Exports];
    const names = Object.keys(required).sort();
    expect(names.length).toBeGreaterThan(0);
    expect(
      Object.keys(module)
        .filter((each) => each !== "module.exports")
        .sort(),
    ).toEqual(names);
    expect(names.filter((each) => module[each] !== required[each])).toEqual([]);
  });

  test("they have the names of the compiled module, classes and functions included", async () => {
    const { "module.exports": _, ...module }: Exports = await import(pathToFileURL(compiled).href);
    const required = require(path) as Exports;
    expect(Object.keys(module).filter((each) => !(each in required))).toEqual([]);
    const described = (from: Exports): unknown =>
      Object.keys(module).map((each) => {
        const value = from[each];
        return isClass(value) ? `${each}: class ${value.name}` : `${each}: ${typeof value}`;
      });
    expect(described(required)).toEqual(described(module));
  });
});

test.each(MODULES)(
  "$path, for runtimes that know ES modules alone, has the names of the compiled module",
  async ({ name, key, compiled }) => {
    const names = Object.keys(await import(pathToFileURL(compiled).href));
    expect(names.length).toBeGreaterThan(0);
    expect(Object.keys(await imported(name, key))).toEqual(names);
  },
);

test.each(Object.entries(facades))("%s hands out the very same", async (folder, { entries }) => {
  const name = folder.slice("facades/".length);
  for (const [key, from] of Object.entries(entries)) {
    const required = require(join(name, key)) as Exports;
    expect(required).toBe(require(from));
    const module = await imported(name, key);
    const names = Object.keys(required);
    expect(names.filter((each) => module[each] !== required[each])).toEqual([]);
  }
});

test("a facade has the version line of the package in whose place it stands", () => {
  for (const [folder, { version }] of Object.entries(facades)) {
    const name = folder.slice("facades/".length);
    expect(require(`${name}/package.json`)).toMatchObject({ name: `@sockeye/${name}`, version });
    const theirs: string = manifestIn(join(root, "node_modules", name)).version;
    expect(version.split(".").slice(0, 2)).toEqual(theirs.split(".").slice(0, 2));
    expect(Number(version.split(".")[2])).toBeGreaterThanOrEqual(100);
  }
});

test("a program that has both has one class, and prints nothing", async () => {
  const code = `
    import { Server, Socket } from "@sockeye/node";
    import { io, Manager } from "@sockeye/client";
    import { Adapter } from "@sockeye/adapter";
    import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
    const require = createRequire(import.meta.url);
    const same = [
      new (require("@sockeye/node").Server)() instanceof Server,
      require("socket.io").Socket === Socket,
      require("socket.io-client") === io,
      io("http://127.0.0.1:9", { autoConnect: false }).io instanceof Manager,
    ];
    console.log(JSON.stringify([...same, require("socket.io-adapter").Adapter === Adapter]));
  `;
  const { stdout, stderr } = await runNode(["--input-type=module", "-e", code], {
    cwd: installation(),
  });
  expect([JSON.parse(stdout), stderr]).toEqual([[true, true, true, true, true], ""]);
});
