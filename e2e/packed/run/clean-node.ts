// Runs Node, or a program on it, as a user does: without what the test runner sets for itself.

import { execFile } from "node:child_process";
import { promisify } from "node:util";

const OF_THE_RUNNER = /^(NODE_ENV|NODE_OPTIONS|NODE_PATH|VITEST.*|TEST|VITE_.*)$/;
const LIMIT_MS = 120_000;

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The program to run; default: this release of Node. */
  readonly program?: string;
}

/** Resolves with what was printed; rejects with it when the program fails. */
export async function runNode(
  args: readonly string[],
  { cwd, env = {}, program = process.execPath }: RunOptions = {},
): Promise<{ stdout: string; stderr: string }> {
  const clean = Object.entries(process.env).filter(([name]) => !OF_THE_RUNNER.test(name));
  const options = { cwd, env: { ...Object.fromEntries(clean), ...env }, timeout: LIMIT_MS };
  try {
    return await promisify(execFile)(program, [...args], options);
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    throw new Error(`${args.join(" ")} failed:\n${stdout}\n${stderr}`, { cause: error });
  }
}
