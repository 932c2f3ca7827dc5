// `npm run release -- --dry-run` lists what would be published, and what keeps it from being published.

import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { publishable } from "../../scripts/release/archives.mjs";
import { isWhole } from "../kit/extent.ts";

const TEST_MS = 120_000;

/** How a program of the repository ends. */
async function outcomeOf(
  args: string[],
): Promise<{ code: unknown; stdout: string; stderr: string }> {
  const env = { ...process.env, SOCKEYE_REPOSITORY: undefined };
  const options = { cwd: join(import.meta.dirname, "../.."), env };
  return await promisify(execFile)(process.execPath, args, options).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );
}

const PLACEHOLDERS = ["homepage", "repository", "bugs"].map((field) =>
  expect.stringContaining(`package.json: "${field}" is a placeholder`),
);
const dryRuns: readonly [string, string[], { code: number; problems: unknown[] }][] = [
  ["names the addresses that are placeholders", [], { code: 1, problems: PLACEHOLDERS }],
  [
    "has no complaint when it is given an address",
    ["--repository", "https://forge.example/owner/sockeye"],
    { code: 0, problems: [] },
  ],
];

// The archives are looked at by `npm run check` as well, so the second takes its time only with SOCKEYE_MATRIX.
test.each(isWhole ? dryRuns : dryRuns.slice(0, 1))(
  "a dry run lists what would be published, and %s",
  async (_, args, { code, problems }) => {
    const ended = await outcomeOf(["scripts/release.mjs", "--dry-run", "--built", ...args]);
    for (const { manifest } of publishable()) {
      expect(ended.stdout).toContain(`${manifest.name}@${manifest.version}`);
    }
    expect(ended.stdout).toMatch(/kB {2}README\.md/);
    expect(ended.stderr.match(/^ {2}.*$/gm) ?? []).toEqual(problems);
    expect(ended.code).toBe(code);
  },
  TEST_MS,
);
