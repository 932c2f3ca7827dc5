// The table of advisories in docs/security.md: every test that it names is there.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { read, root } from "./repository.mjs";

const ROW =
  /^\| (?<advisory>(?:CVE-|GHSA-|engine\.io|ws ).*?) \| (?<behaviour>.+?) \| (?<tests>.+) \|$/gm;
const TEST = /`(?<file>[^`]+)` “(?<title>[^”]+)”/g;

const rows = [...read("docs/security.md").matchAll(ROW)].map(({ groups }) => ({
  advisory: groups?.["advisory"] ?? "",
  tests: [...(groups?.["tests"] ?? "").matchAll(TEST)].map((match) => ({
    file: match.groups?.["file"] ?? "",
    title: match.groups?.["title"] ?? "",
  })),
}));

test("the table is read: at least 27 rows, each with a number, or the release that mended it", () => {
  expect(rows.length).toBeGreaterThanOrEqual(27);
});

test.each(rows)("$advisory: its tests exist", ({ tests }) => {
  expect(tests.length).toBeGreaterThan(0);
  for (const { file, title } of tests) {
    expect(existsSync(join(root, file)), file).toBe(true);
    expect(read(file), title).toContain(title);
  }
});
