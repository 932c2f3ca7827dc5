// Clusters on virtual time: the first seeds, and those that have found something. `npm run simulate` runs more.

import { describe, expect, test } from "vitest";
import { knownSeeds } from "./known-seeds.ts";
import type { WorldKind } from "./setting.ts";
import { simulateCluster } from "./simulation.ts";
import { Timeline } from "./timeline.ts";

const SEEDS = 200;
const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

test(`SM1, SM2, SM3, SM4, SM5 and SM6 hold in ${SEEDS} clusters`, async () => {
  const failed: unknown[] = [];
  const injected = new Set<string>();
  const kinds: Record<WorldKind, number> = { alone: 0, bus: 0, log: 0 };
  let recoveries = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const outcome = await simulateCluster(seed, { turn });
    if (outcome.findings.length > 0) failed.push([seed, outcome.findings[0]]);
    for (const kind of Object.keys(outcome.injected)) injected.add(kind);
    kinds[outcome.kind] += 1;
    recoveries += outcome.recoveries;
  }
  expect(failed, "npm run simulate -- --seed N").toEqual([]);
  expect(injected.size).toBe(15);
  expect(Math.min(...Object.values(kinds))).toBeGreaterThan(SEEDS / 10);
  expect(recoveries).toBeGreaterThan(SEEDS / 4);
}, 60_000);

describe("seeds that have found something", () => {
  test.each(knownSeeds)("SM7 seed $seed: $found", async ({ seed }) => {
    expect((await simulateCluster(seed, { turn })).findings).toEqual([]);
  });
});

test("SM8 a seed is the same course of events each time", async () => {
  for (const seed of [3, 4, 8]) {
    const [one, other] = [
      await simulateCluster(seed, { turn, isTracing: true }),
      await simulateCluster(seed, { turn, isTracing: true }),
    ];
    expect(one.trace.length).toBeGreaterThan(50);
    expect(other.trace).toEqual(one.trace);
  }
});

test("SM9 servers that do not answer a further question alike are found", async () => {
  let asked = 0;
  const differing = { name: "number", ask: () => Promise.resolve(++asked) };
  const { findings } = await simulateCluster(1, { turn, kinds: ["bus"] }, [differing]);
  expect(findings.map(({ oracle }) => oracle)).toContain("membership");
});

test("SM8 things that are due at one moment happen in their order, microtasks between moments", async () => {
  const timeline = new Timeline(turn);
  const log: string[] = [];
  const note = (text: string) => () => void log.push(`${timeline.now} ${text}`);
  timeline.after(5, note("b"));
  const cancel = timeline.after(5, note("cancelled"));
  timeline.after(1, () => {
    note("a")();
    void Promise.resolve().then(() => timeline.after(4, note("c")));
    timeline.after(0, note("a, next turn"));
  });
  cancel();
  await timeline.runUntil(10);
  expect(log).toEqual(["1 a", "1 a, next turn", "5 b", "5 c"]);
  expect(timeline.now).toBe(10);
});

test("SM8 time that stands still is a fault, and ends the simulation", async () => {
  const timeline = new Timeline(turn);
  const faults: unknown[] = [];
  timeline.onFault = (error) => void faults.push(error);
  let isLate = false;
  const again = (): void => void timeline.after(0, again);
  timeline.after(5, again);
  timeline.after(6, () => {
    isLate = true;
  });
  await timeline.runUntil(10);
  expect(String(faults)).toContain("time stands still");
  expect([timeline.now, isLate]).toEqual([5, false]);
});
