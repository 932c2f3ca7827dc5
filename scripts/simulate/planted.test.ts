// The lists of planted faults: each can be planted, and every promise has some.

import { expect, test } from "vitest";
import { read } from "../repository.mjs";
import { mended } from "./mended.mjs";
import { planted } from "./planted.mjs";
import { further } from "./planted-further.mjs";

const all = [...planted, ...further, ...mended];

test.each(all)("$oracle: $name", ({ file, find, replace }) => {
  expect(read(file).split(find)).toHaveLength(2);
  expect(replace).not.toBe(find);
});

test.each(["loss", "order", "duplicate", "buffers", "membership", "recovered"])(
  "at least three faults break the promise %s",
  (oracle) => {
    expect(planted.filter((fault) => fault.oracle === oracle).length).toBeGreaterThanOrEqual(3);
  },
);

test("names of planted faults differ", () => {
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
});
