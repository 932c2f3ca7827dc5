// The lock file of the toolchain, which the repository's check of its own lock file does not read.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkLock } from "../../scripts/check-lock.mjs";

test("the toolchain's lock file is whole, and names no host", () => {
  const lock = readFileSync(join(import.meta.dirname, "toolchain/package-lock.json"), "utf8");
  expect(checkLock(JSON.parse(lock).packages)).toEqual([]);
});
