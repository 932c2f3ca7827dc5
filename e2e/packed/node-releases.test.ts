// The installed packages under each release of Node that is supported: one conversation of client and server.

import { execFile } from "node:child_process";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, expect, test } from "vitest";
import { installation } from "./run/installation.ts";
import { nodeReleases, prepareToolchain } from "./run/toolchain.ts";

const RUNNING = { name: "the running Node", program: process.execPath };
// Set by the test runner, which a user's program does not have around it.
const OF_THE_RUNNER = /^(NODE_ENV|NODE_OPTIONS|NODE_PATH|VITEST.*|TEST|VITE_.*)$/;

let program = "";

beforeAll(async () => {
  await prepareToolchain();
  program = join(installation(), "conversation.mjs");
  cpSync(join(import.meta.dirname, "programs/conversation.mjs"), program);
}, 300_000);

test.each([RUNNING, ...nodeReleases().map(({ name }) => ({ name }))])("$name", async ({ name }) => {
  const release = [RUNNING, ...nodeReleases()].find((each) => each.name === name);
  if (release?.program === undefined) throw new Error(`${name} has no package for this machine`);
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([key]) => !OF_THE_RUNNER.test(key)),
  );
  const { stdout, stderr } = await promisify(execFile)(release.program, [program], { env });
  const { node, done } = JSON.parse(stdout);
  if (name !== RUNNING.name) expect(`Node ${node}`).toBe(name);
  expect(done).toEqual(["websocket", "polling", "polling then websocket", "default", "require"]);
  expect(stderr).toBe("");
});
