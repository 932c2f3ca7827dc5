// The code of the guides, as it stands there: programs are run, and print what they say; files of a project are run by the
// test runner that they are written for. Those for Jest and mocha are run by `npm run matrix`.

import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { transform } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { programs as browsers, findProgram } from "../../scripts/browsers.mjs";
import { filesOf, fragmentsOf, programsOf } from "./blocks.mjs";

const MODULES = join(import.meta.dirname, "../../node_modules");
const LIMIT_MS = 60_000;
/** Set by the runner of this test, which a user's program does not have around it. */
const OF_THE_RUNNER = /^(NODE_ENV|NODE_OPTIONS|NODE_TEST_CONTEXT|VITEST.*|TEST|VITE_.*|DEBUG)$/;

let folder = "";
const files = filesOf("testing");
const chromium = findProgram(browsers.chromium);

async function node(...args: string[]): Promise<string> {
  const entries = Object.entries(process.env).filter(([name]) => !OF_THE_RUNNER.test(name));
  const env = { ...Object.fromEntries(entries), CHROMIUM_PATH: chromium ?? "" };
  // What a program prints as errors becomes part of the rejection's message.
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, args, { cwd: folder, env, timeout: LIMIT_MS });
  return stdout;
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "guides-"));
  symlinkSync(MODULES, join(folder, "node_modules"), "dir");
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test.each(programsOf("migration"))("migration: $title", async ({ code, prints, title }) => {
  expect(prints).not.toEqual([]);
  const ending = /\brequire\(/.test(code) ? "cjs" : "mjs";
  const file = `${title.replaceAll(/\W+/g, "-")}.${ending}`;
  writeFileSync(join(folder, file), code);
  expect((await node(file)).trim().split("\n")).toEqual(prints);
});

test("migration: every other change is valid", async () => {
  const fragments = fragmentsOf("migration");
  expect(fragments.length).toBeGreaterThan(3);
  for (const code of fragments) await transform(code, { loader: "ts" });
});

test(
  "testing: the files for node:test",
  async () => {
    const names = Object.keys(files).filter((name) =>
      /^(node|waiting|timers|reconnection)\.test\./.test(name),
    );
    expect(names).toHaveLength(4);
    await node("--test", ...names);
  },
  LIMIT_MS,
);

test(
  "testing: the file for Vitest",
  async () => {
    await node(join(MODULES, "vitest/vitest.mjs"), "run", "--root", ".", "vitest.test.mjs");
  },
  LIMIT_MS,
);

test.skipIf(chromium === undefined)(
  "testing: the file for a browser",
  async () => {
    await node("--test", "browser.test.mjs");
  },
  LIMIT_MS,
);
