// The versions that facades may have.

import { expect, test } from "vitest";
import { facades, isOfItsLine } from "./facades.mjs";

test("every facade has a version of its line", () => {
  expect(Object.values(facades).filter((facade) => !isOfItsLine(facade))).toEqual([]);
});

test.each([
  ["4.8.100", true],
  ["4.8.217", true],
  ["4.8.99", false],
  ["4.9.100", false],
  ["5.0.0", false],
  ["4.8.100-next.1", false],
])("in the place of 4.8, %s: %s", (version, isRight) => {
  expect(isOfItsLine({ line: "4.8", version })).toBe(isRight);
});
