// `npm run matrix:packages`: packages written for Socket.IO that are heavier than those of `npm test`, unmodified, on ours; with
// `--control` on Socket.IO itself. Each program says at its end what it has checked. Those that need Chromium are skipped
// where there is none.

import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { programs as browsers, findProgram } from "../../scripts/browsers.mjs";
import { installFrom } from "../kit/packages/npm-install.mjs";
import { pack } from "../kit/packages/pack.mjs";

const PROGRAM_MS = 60_000;
const CONTROL = "4.8.4";
const isControl = process.argv.includes("--control");

/** @type {readonly { name: string, program: string, checks: readonly string[], inBrowser?: boolean, flags?: string[] }[]} */
const programs = [
  {
    name: "browser-sync",
    program: "browser-sync.mjs",
    checks: ["connected", "reload"],
    inBrowser: true,
  },
  { name: "karma", program: "karma.mjs", checks: ["register", "results", "stop"], inBrowser: true },
  {
    name: "msw and @mswjs/socket.io-binding",
    program: "msw.mjs",
    checks: ["mocked"],
    // Node 20 has the class WebSocket only then; later versions know the flag still.
    flags: ["--experimental-websocket"],
  },
  {
    name: "vue-socket.io-extended",
    program: "vue.cjs",
    checks: ["component", "mutation", "action"],
  },
  { name: "socket.io-events", program: "events.cjs", checks: ["routed"] },
  { name: "socket.io-stream", program: "stream.cjs", checks: ["up", "down"] },
  { name: "socket.io-request", program: "request.cjs", checks: ["answer", "error"] },
  { name: "y-socket.io", program: "yjs.mjs", checks: ["shared"] },
  { name: "jsdom", program: "jsdom.cjs", checks: ["polling", "upgrade"] },
];

const here = import.meta.dirname;
const folder = await mkdtemp(join(tmpdir(), "matrix-"));
try {
  await install();
  const failed = await runAll();
  console.log(`${programs.length - failed.length} of ${programs.length} work`);
  process.exitCode = failed.length === 0 ? 0 : 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function install() {
  await cp(join(here, "matrix"), folder, { recursive: true });
  await cp(join(here, "project/conversation.mjs"), join(folder, "conversation.mjs"));
  if (isControl) {
    const file = join(folder, "package.json");
    const { overrides: _, ...manifest } = JSON.parse(await readFile(file, "utf8"));
    Object.assign(manifest.dependencies, { "socket.io": CONTROL, "socket.io-client": CONTROL });
    await writeFile(file, JSON.stringify(manifest));
  }
  const code = await installFrom(folder, await pack(join(folder, "tarballs")));
  if (code !== 0) throw new Error(`npm install has failed with ${code}`);
}

/** @returns {Promise<string[]>} the names of those that failed */
async function runAll() {
  const chromium = findProgram(browsers.chromium);
  const env = { ...process.env, CHROMIUM_PATH: chromium ?? "" };
  const failed = [];
  for (const { name, program, checks, inBrowser, flags = [] } of programs) {
    if (inBrowser && chromium === undefined) {
      console.log(`skipped, without Chromium: ${name}`);
      if (process.env.CI === "true") failed.push(name);
      continue;
    }
    try {
      const options = { cwd: folder, env, timeout: PROGRAM_MS };
      const { stdout } = await promisify(execFile)(process.execPath, [...flags, program], options);
      const last = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
      if (JSON.stringify(last.checks) !== JSON.stringify(checks)) throw new Error(stdout);
      console.log(`works: ${name} (${checks.join(", ")})`);
    } catch (error) {
      failed.push(name);
      console.log(`fails: ${name}\n${error instanceof Error ? error.message : error}`);
    }
  }
  return failed;
}
