// The example in the documentation of the smallest client is one that compiles.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

test("the example of docs/entries.md is the one that the compiler checks", () => {
  const root = join(import.meta.dirname, "../../../..");
  const page = readFileSync(join(root, "docs/entries.md"), "utf8");
  const file = readFileSync(join(root, "packages/client/testing/mini-example.ts"), "utf8");
  const [, example] = /```ts\n(import \{ connect \}.*?)```/s.exec(page) ?? [];
  expect(file.slice(file.indexOf("import"))).toBe(example);
});
