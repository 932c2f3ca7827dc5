// Examples of the documentation that stand in files of their own, which the compiler checks with all others.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

test("the example of docs/entries.md is the one that the compiler checks", () => {
  const page = readFileSync(join(import.meta.dirname, "../../docs/entries.md"), "utf8");
  const file = readFileSync(join(import.meta.dirname, "mini-example.ts"), "utf8");
  const [, example] = /```ts\n(import \{ connect \}.*?)```/s.exec(page) ?? [];
  expect(file.slice(file.indexOf("import"))).toBe(example);
});
