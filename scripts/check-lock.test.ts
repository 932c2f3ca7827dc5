// Shows that the lock check finds what `npm ci` would refuse, and a host.

import { expect, it } from "vitest";
import { checkLock } from "./check-lock.mjs";

const COMPLETE = {
  "": { devDependencies: { tool: "1" } },
  "node_modules/tool": { optionalDependencies: { "@tool/linux": "1", "@tool/win32": "1" } },
  "node_modules/@tool/linux": { dependencies: { deep: "1" }, devDependencies: { unseen: "1" } },
  "node_modules/@tool/linux/node_modules/deep": {},
  "node_modules/@tool/win32": {},
  "packages/a": { devDependencies: { tool: "1" } },
  "node_modules/a": { resolved: "packages/a" },
};

it("is content with a complete lock file", () => {
  expect(checkLock(COMPLETE)).toEqual([]);
});

it("misses what was left out for another platform", () => {
  const { "node_modules/@tool/win32": _, ...partial } = COMPLETE;
  expect(checkLock(partial)).toEqual(["package-lock.json: node_modules/tool wants @tool/win32"]);
});

it("misses what the root and a workspace want", () => {
  const { "node_modules/tool": _, ...partial } = COMPLETE;
  expect(checkLock(partial)).toEqual([
    "package-lock.json: the root wants tool",
    "package-lock.json: packages/a wants tool",
  ]);
});

it("finds a host", () => {
  const resolved = "https://example.org/tool.tgz";
  expect(checkLock({ ...COMPLETE, "node_modules/@tool/win32": { resolved } })).toEqual([
    `package-lock.json: names a host: ${resolved}`,
  ]);
});
