// Medians and ratios over repetitions, and the verdict on them.

import { expect, test } from "vitest";
import { pickScenarios } from "../scenarios.mjs";
import { overview } from "./bench-text.mjs";
import { barChart } from "./chart.mjs";
import { hostsTable } from "./hosts-text.mjs";
import { summarise, verdict } from "./results.mjs";

function run(serverMicros: number) {
  const numbers = { count: 1, seconds: 1, perSecond: 1, serverShare: 0, generatorShare: 0 };
  return { result: { ...numbers, serverMicros, isSaturated: false, expected: 1, received: 1 } };
}

const [echo] = pickScenarios("echo");
if (echo === undefined) throw new Error("no scenario");

test("ratios are taken within a repetition, then their median", () => {
  const runs = { base: [run(10), run(100), run(12)], ours: [run(5), run(40), run(8)] };
  const { targets } = summarise(echo, runs, "base");
  expect(targets[1]).toMatchObject({ target: "ours", cost: 8, least: 5, most: 40, ratio: 2 });
});

test.each([
  [4, "goal"],
  [6, "floor"],
  [9, "below"],
])("ours at %d against 10 is %s", (cost, expected) => {
  const result = summarise(echo, { base: [run(10)], ours: [run(cost)] }, "base");
  expect(verdict(result, "ours")).toBe(expected);
});

test("a wrong reply fails the scenario, however fast", () => {
  const runs = { base: [run(10)], ours: [run(1), { error: "reply 3 is not what was due" }] };
  expect(verdict(summarise(echo, runs, "base"), "ours")).toBe("failed");
});

test("the table has a row per scenario, the chart a bar", () => {
  const results = [summarise(echo, { base: [run(10)], ours: [run(4)] }, "base")];
  expect(overview(results, { base: "base", ours: "ours" })).toMatch(
    /\| echo +\| 10.0 µs \| × 2.50/,
  );
  const svg = barChart([{ label: "a < b", value: 2.5, mark: 1.5 }], {
    title: "t",
    subtitle: "s",
    ours: "ours",
    other: "other",
  });
  expect(svg).toContain(">a &#60; b<");
  expect(svg).not.toContain("NaN");
});

test("the table of hosts compares each server with Socket.IO on ws, and with its own bare runtime", () => {
  const runs = { base: [run(12)], ours: [run(4)], bare: [run(3)] };
  const targets = [
    { name: "base", platform: "Node", speaks: "socket.io" },
    { name: "ours", platform: "Bun", speaks: "socket.io" },
    { name: "bare", platform: "Bun", speaks: "raw" },
    { name: "not measured", platform: "Deno", speaks: "raw" },
  ] as const;
  const text = hostsTable([summarise(echo, runs, "base")], { base: "base", targets });
  const cells = text.split("\n").map((line) => line.split("|").map((cell) => cell.trim()));
  const columns = [1, 2, 3, 5, 6];
  expect(cells.slice(4).map((line) => columns.map((at) => line[at]))).toEqual([
    ["Node", "base", "12.0", "1.00", ""],
    ["Bun", "ours", "4.00", "3.00", "0.75"],
    ["Bun", "bare", "3.00", "4.00", "1.00"],
  ]);
});
