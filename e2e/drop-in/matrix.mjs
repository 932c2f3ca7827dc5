// `npm run matrix:packages [NAME...]`: packages written for Socket.IO that are heavier than those of `npm test`, unmodified, on
// ours; with `--control` on Socket.IO itself. Each program says at its end what it has checked. What needs Chromium, Redis or
// PostgreSQL is skipped where there is none.

import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { programs as browsers, findProgram } from "../../scripts/browsers.mjs";
import { installFrom } from "../kit/packages/npm-install.mjs";
import { pack } from "../kit/packages/pack.mjs";
import { startPostgres, startRedis } from "./brokers.mjs";
import { projects } from "./matrix-projects.mjs";

const PROGRAM_MS = 180_000;
const CONTROL = "4.8.4";
const isControl = process.argv.includes("--control");
const wanted = process.argv.slice(2).filter((each) => !each.startsWith("--"));

const here = import.meta.dirname;
const parent = await mkdtemp(join(tmpdir(), "matrix-"));
const chromium = findProgram(browsers.chromium);
/** What programs need, and the variables by which they find it; `undefined` where there is none. */
const needs = new Map(
  chromium === undefined ? [] : [["chromium", { env: { CHROMIUM_PATH: chromium } }]],
);
/** @type {(() => Promise<void>)[]} */
const stops = [];
let works = 0;
let skipped = 0;
/** @type {string[]} */
const failed = [];

try {
  const tarballs = await pack(join(parent, "tarballs"));
  for (const project of projects) {
    const programs = project.programs.filter(
      ({ name }) => wanted.length === 0 || wanted.some((each) => name.includes(each)),
    );
    if (programs.length === 0 || (isControl && project.isOursOnly)) continue;
    const folder = await install(project, tarballs);
    for (const program of programs) await tryProgram(program, folder, project.title);
  }
  const total = works + failed.length + skipped;
  console.log(`${works} of ${total} work${skipped > 0 ? `, ${skipped} skipped` : ""}`);
  process.exitCode = failed.length === 0 ? 0 : 1;
} finally {
  for (const stop of stops) await stop();
  await rm(parent, { recursive: true, force: true });
}

/**
 * @param {import("./matrix-projects.mjs").Project} project
 * @param {import("../kit/packages/pack.mjs").Tarball[]} tarballs
 */
async function install({ change = (manifest) => manifest, from, title }, tarballs) {
  const folder = join(parent, title.replaceAll(/\W+/g, "-"));
  await cp(join(here, from), folder, { recursive: true });
  await cp(join(here, "project/conversation.mjs"), join(folder, "conversation.mjs"));
  const file = join(folder, "package.json");
  const manifest = change(JSON.parse(await readFile(file, "utf8")));
  if (isControl) {
    const theirs = { "socket.io": CONTROL, "socket.io-client": CONTROL };
    delete manifest.dependencies["socket.io-adapter"];
    Object.assign(manifest.dependencies, theirs);
    // Some packages ask for an earlier version, and get ours in its place as well.
    manifest.overrides = theirs;
  }
  await writeFile(file, JSON.stringify(manifest));
  const code = await installFrom(folder, tarballs);
  if (code !== 0) throw new Error(`npm install has failed with ${code}`);
  return folder;
}

/**
 * Starts what is needed, once.
 * @param {string} need
 */
async function bring(need) {
  if (need === "chromium" || needs.has(need)) return needs.get(need);
  const started = await (need === "redis" ? startRedis : startPostgres)();
  if (started === undefined) return undefined;
  stops.push(started.stop);
  needs.set(need, started);
  return started;
}

/**
 * @param {import("./matrix-projects.mjs").Program} program
 * @param {string} folder
 * @param {string} title of the project
 */
async function tryProgram({ args = [], checks, flags = [], name, need, program }, folder, title) {
  const label = `${name} (${title})`;
  const found = need === undefined ? { env: {} } : await bring(need);
  if (found === undefined) {
    console.log(`skipped, without ${need}: ${label}`);
    if (process.env.CI === "true") failed.push(label);
    else skipped++;
    return;
  }
  try {
    const env = { ...process.env, ...found.env };
    const options = { cwd: folder, env, timeout: PROGRAM_MS };
    const command = [...flags, program, ...args];
    const { stdout } = await promisify(execFile)(process.execPath, command, options);
    const last = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
    if (JSON.stringify(last.checks) !== JSON.stringify(checks)) throw new Error(stdout);
    works++;
    console.log(`works: ${label}: ${checks.join(", ")}`);
  } catch (error) {
    failed.push(label);
    const { message = String(error), stdout = "" } = /** @type {Error & { stdout?: string }} */ (
      error
    );
    console.log(`fails: ${label}\n${message}\n${stdout}`);
  }
}
