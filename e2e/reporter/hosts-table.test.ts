// The table of the black-box suite tells passed, failed and absent cells apart.

import { expect, test } from "vitest";
import { exclusionsText } from "./hosts-page.ts";
import { clientsTable, hostsTable } from "./hosts-table.ts";

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

test("clients are rows of a table of their own", () => {
  const cell = { host: "one", mode: "polling", feature: "acks" };
  const table = clientsTable([
    { ...cell, client: "2.5", passed: true },
    { ...cell, client: "4.8", passed: false },
  ]);
  const rows = table.split("\n").slice(2);
  expect(rows.map((line) => line.split("|").map((text) => text.trim())[2])).toEqual([
    "1",
    "✗ 1/1",
    "✗ 1/2",
  ]);
});

test("excluded cases are counted by reason", () => {
  expect(exclusionsText(["one: a", "one: b", "one: a"])).toBe(
    "Excluded: 3\n\n- 2 × one: a\n- 1 × one: b",
  );
});
