// The table of the black-box suite tells passed, failed and absent cells apart.

import { expect, test } from "vitest";
import { hostsTable } from "./hosts-table.ts";

test("a cell is the number of cases that passed, ✗ when one failed, – when none ran", () => {
  const table = hostsTable([
    { host: "one", feature: "acks", passed: true },
    { host: "one", feature: "acks", passed: true },
    { host: "two", feature: "acks", passed: true },
    { host: "two", feature: "acks", passed: false },
    { host: "two", feature: "files", passed: true },
  ]);
  const cells = table.split("\n").map((line) => line.split("|").map((text) => text.trim()));
  expect(cells.slice(2).map((line) => line.slice(1, 4))).toEqual([
    ["acks", "2", "✗ 1/2"],
    ["files", "–", "1"],
    ["all", "2", "✗ 1/3"],
  ]);
});
