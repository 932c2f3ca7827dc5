// The installed packages under each release of Node that is supported: one conversation of client and server.

import { execFile } from "node:child_process";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, expect, test } from "vitest";
import { installation } from "./run/installation.ts";
import { NODE_RELEASES, nodeProgram } from "./run/toolchain.ts";

const RUNNING = "the running Node";
// Set by the test runner, which a user's program does not have around it.
const OF_THE_RUNNER = /^(NODE_ENV|NODE_OPTIONS|NODE_PATH|VITEST.*|TEST|VITE_.*)$/;

let program = "";

beforeAll(() => {
  program = join(installation(), "conversation.mjs");
  cpSync(join(import.meta.dirname, "programs/conversation.mjs"), program);
});

test.for([RUNNING, ...NODE_RELEASES])("%s", async (name, { skip }) => {
  const node = name === RUNNING ? process.execPath : nodeProgram(name);
  if (node === undefined) return skip(`${name} has no package for this machine`);
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([key]) => !OF_THE_RUNNER.test(key)),
  );
  const { stdout, stderr } = await promisify(execFile)(node, [program], { env });
  const { node: major, done } = JSON.parse(stdout);
  if (name !== RUNNING) expect(`Node ${major}`).toBe(name);
  expect(done).toEqual(["websocket", "polling", "polling then websocket", "default", "require"]);
  expect(stderr).toBe("");
});
