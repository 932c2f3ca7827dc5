// The installed packages under Jest, which loads CommonJS by means of its own: in Node's surroundings, as ES modules, and
// in those of a page.

import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { startServer } from "../kit/running-server.ts";
import { runNode } from "./run/clean-node.ts";
import { installation } from "./run/installation.ts";
import { inToolchain } from "./run/toolchain.ts";

const JEST_MS = 120_000;
let project = "";

beforeAll(() => {
  project = join(installation(), "jest");
  mkdirSync(project, { recursive: true });
  cpSync(join(import.meta.dirname, "programs/jest"), project, { recursive: true });
  writeFileSync(join(project, "package.json"), '{ "type": "commonjs" }');
});

/** Runs a test file in Jest; rejects with its report when a test in it fails. */
function jest(file: string, config: object, env: Record<string, string> = {}) {
  const whole = { rootDir: project, transform: {}, testMatch: [`**/${file}`], ...config };
  const args = [inToolchain("jest/bin/jest.js"), "--config", JSON.stringify(whole)];
  return runNode([...args, "--no-cache", "--runInBand", "--watchman=false"], { cwd: project, env });
}

test(
  "CommonJS in Node",
  async () => {
    const { stderr } = await jest("commonjs.test.js", {});
    expect(stderr).toContain("2 passed");
  },
  JEST_MS,
);

test(
  "ES modules in Node",
  async () => {
    const { stderr } = await jest(
      "module.test.mjs",
      { moduleFileExtensions: ["js", "mjs"] },
      { NODE_OPTIONS: "--experimental-vm-modules" },
    );
    expect(stderr).toContain("2 passed");
  },
  JEST_MS,
);

test(
  "CommonJS in jsdom",
  async () => {
    await using server = await startServer("sockeye", { cors: { origin: "*" } });
    server.io.on("connection", (socket) => {
      socket.on("echo", (value: unknown, answer: (value: unknown) => void) => answer(value));
    });
    const { stderr } = await jest(
      "jsdom.test.js",
      {
        // Where the environment that a test file names is looked for.
        roots: [project],
        modulePaths: [inToolchain(".")],
      },
      { SERVER_URL: server.url, NODE_PATH: inToolchain(".") },
    );
    expect(stderr).toContain("5 passed");
  },
  JEST_MS,
);
