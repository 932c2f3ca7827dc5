// Packs every publishable package as npm would, and checks what a user would get: that the entries
// resolve with their types (ESM only), and that nothing else has slipped in.

import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { read, root, workspaces } from "./repository.mjs";
import { runAsStep } from "./step.mjs";

const FOLDER = join(root, ".cache/packs");
// Made for a script tag, where there are no modules; publint expects every file here to be one.
const CLASSIC_SCRIPT = /dist\/socket\.io(\.msgpack)?(\.min)?\.js$/;
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
  return messages
    .filter(({ type }) => type !== "suggestion")
    .filter((message) => !isClassicScript(message))
    .map((message) => `${name}: ${formatMessage(message, pkg, { color: false })}`);
}

/** @param {import("publint").Message} message */
function isClassicScript({ code, args }) {
  return code === "FILE_INVALID_FORMAT" && CLASSIC_SCRIPT.test(args.actualFilePath ?? "");
}

/**
 * @param {string} name
 * @param {string} path of the tarball
 * @returns {Promise<string[]>}
 */
function checkResolution(name, path) {
  const entry = "node_modules/@arethetypeswrong/cli/dist/index.js";
  const args = [entry, path, "--profile", "esm-only", "--no-definitely-typed", "--format", "ascii"];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (/** @type {Buffer} */ data) => (output += data));
    child.stderr.on("data", (/** @type {Buffer} */ data) => (output += data));
    child.once("error", reject);
    child.once("close", (code) => resolve(code === 0 ? [] : [`${name}: ${output.trim()}`]));
  });
}

await runAsStep(import.meta.url, async () => {
  const publishable = workspaces().filter(({ manifest }) => manifest.private !== true);
  const packs = pack(publishable.map(({ folder }) => folder));
  const problems = await Promise.all(packs.map(check));
  problems.push(...publishable.map(checkLicence));
  return { problems: problems.flat(), summary: `${packs.length} packages` };
});
