// Packs every publishable package as npm would, and checks what a user would get: that the entries resolve with their
// types in every way that TypeScript knows, from either kind of module, and that nothing else has slipped in.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { read, root, workspaces } from "./repository.mjs";
import { runAsStep } from "./step.mjs";

const FOLDER = join(root, ".cache/packs");
const UNWANTED = /\.test\.|\.test-d\.|\.tsbuildinfo|\.tgz$/;

/**
 * What `npm pack --json` says of one package.
 * @typedef {{ name: string, filename: string, files: { path: string }[] }} Packed
 */

/**
 * @param {string[]} folders
 * @returns {Packed[]}
 */
function pack(folders) {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const args = ["pack", "--json", "--ignore-scripts", "--pack-destination", FOLDER];
  args.push(...folders.flatMap((folder) => ["--workspace", folder]));
  const npm = { cwd: root, encoding: /** @type {const} */ ("utf8") };
  const { status, stdout, stderr } = spawnSync("npm", args, npm);
  if (status !== 0) throw new Error(`npm pack failed: ${stderr}`);
  // Newer versions of npm answer with an object by name, older ones with a list.
  return Object.values(JSON.parse(stdout));
}

/**
 * npm packs the LICENSE of a package's own folder only: each has a copy of the repository's.
 * @param {import("./repository.mjs").Workspace} workspace
 */
function checkLicence({ folder }) {
  const copy = join(root, folder, "LICENSE");
  if (existsSync(copy) && readFileSync(copy, "utf8") === read("LICENSE")) return [];
  return [`${folder}/LICENSE: must be a copy of the repository's`];
}

/**
 * @param {Packed} packed
 * @returns {Promise<string[]>}
 */
async function check(packed) {
  const tarball = join(FOLDER, packed.filename);
  const unwanted = packed.files.map(({ path }) => path).filter((path) => UNWANTED.test(path));
  return [
    ...unwanted.map((path) => `${packed.name}: must not be published: ${path}`),
    ...(await lintPackage(packed.name, tarball)),
    ...(await checkResolution(packed.name, tarball)),
  ];
}

/**
 * @param {string} name
 * @param {string} path of the tarball
 */
async function lintPackage(name, path) {
  const { buffer } = new Uint8Array(readFileSync(path));
  const { messages, pkg } = await publint({ pack: { tarball: buffer }, strict: true });
  const suggestions = messages.filter(({ type }) => type === "suggestion");
  for (const message of suggestions) console.log(`  ${name}: ${textOf(message, pkg)}`);
  return messages
    .filter(({ type }) => type !== "suggestion")
    .map((message) => `${name}: ${textOf(message, pkg)}`);
}

/**
 * @param {import("publint").Message} message
 * @param {Record<string, unknown>} manifest
 */
function textOf(message, manifest) {
  return formatMessage(message, manifest, { color: false });
}

/**
 * What `attw --pack` says, without its profiles, which leave ways of resolving out. In this process, because a compiler for
 * each package takes its time to start.
 * @param {string} name
 * @param {string} path of the tarball
 * @returns {Promise<string[]>}
 */
async function checkResolution(name, path) {
  const analysis = await checkPackage(createPackageFromTarballData(readFileSync(path)));
  if (!analysis.types) return [`${name}: has no types`];
  return analysis.problems.map((problem) => `${name}: ${JSON.stringify(problem)}`);
}

await runAsStep(import.meta.url, async () => {
  const publishable = workspaces().filter(({ manifest }) => manifest.private !== true);
  const packs = pack(publishable.map(({ folder }) => folder));
  /** @type {string[][]} */
  const problems = [];
  for (const packed of packs) problems.push(await check(packed));
  problems.push(...publishable.map(checkLicence));
  return { problems: problems.flat(), summary: `${packs.length} packages` };
});
