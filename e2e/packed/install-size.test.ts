// What an installation takes: packages and bytes on disk, for the server alone and for both, and that nothing runs while
// it is installed.

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { installFrom } from "../kit/packages/npm-install.mjs";
import { pack, type Tarball } from "../kit/packages/pack.mjs";

// As `du` counts: in blocks of the disk.
const BLOCK = 4096;
const MEGABYTE = 1_000_000;

let folder = "";
let tarballs: Tarball[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "size-"));
  tarballs = await pack(join(folder, "tarballs"), { withDependencies: true });
}, 120_000);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const filesIn = (path: string): string[] =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

async function install(names: readonly string[]): Promise<{ packages: number; bytes: number }> {
  const project = mkdtempSync(join(folder, "project-"));
  const dependencies = Object.fromEntries(names.map((name) => [name, "*"]));
  writeFileSync(join(project, "package.json"), JSON.stringify({ private: true, dependencies }));
  expect(await installFrom(project, tarballs, { everything: true })).toBe(0);
  const modules = join(project, "node_modules");
  const lock = JSON.parse(readFileSync(join(modules, ".package-lock.json"), "utf8"));
  expect(readdirSync(modules)).not.toContain("@types");
  const installed: object[] = Object.values(lock.packages);
  expect(installed.filter((each) => "hasInstallScript" in each)).toEqual([]);
  const blocks = filesIn(modules).map((file) => Math.ceil(statSync(file).size / BLOCK));
  const bytes = BLOCK * blocks.reduce((sum, each) => sum + each, 0);
  console.log(
    `${names.join(" and ")}: ${installed.length} packages, ${(bytes / MEGABYTE).toFixed(2)} MB`,
  );
  return { packages: installed.length, bytes };
}

test("the server alone", async () => {
  const { packages, bytes } = await install(["@sockeye/node"]);
  expect(packages).toBeLessThanOrEqual(17);
  expect(bytes).toBeLessThanOrEqual(4 * MEGABYTE);
}, 120_000);

test("server and client", async () => {
  const { packages, bytes } = await install(["@sockeye/node", "@sockeye/client"]);
  expect(packages).toBeLessThanOrEqual(17);
  expect(bytes).toBeLessThanOrEqual(6 * MEGABYTE);
}, 120_000);

test("no file is published that only this repository needs", () => {
  const ours = join(process.env["SOCKEYE_PACKED"] ?? "", "node_modules/@sockeye");
  const unwanted = /\.test\.|\.tsbuildinfo|\.d\.m?ts\.map$|(^|\/)src\//;
  expect(filesIn(ours).filter((file) => unwanted.test(file))).toEqual([]);
});
