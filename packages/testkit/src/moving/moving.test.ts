// Whole conversations with moves and without. `npm run simulate:adopt` runs more of them, and shortens what fails.

import { describe, expect, test } from "vitest";
import { faults, simulate } from "./simulation.ts";

const SEEDS = 80;

describe("a peer cannot tell", () => {
  test(`MV1, MV2, MV5, MV6, MV7, MV8, MV9 and MV11 in ${SEEDS} conversations`, async () => {
    const failed: unknown[] = [];
    const moves: Record<string, number> = {};
    for (let seed = 1; seed <= SEEDS; seed++) {
      const outcome = await simulate(seed);
      if (outcome.failure !== null) failed.push([seed, outcome.failure]);
      for (const [what, times] of Object.entries(outcome.moves)) {
        moves[what] = (moves[what] ?? 0) + times;
      }
    }
    expect(failed).toEqual([]);
    expect(moves["moved"]).toBeGreaterThan(10 * SEEDS);
    // The conversations meet what has to be waited for, too.
    expect(Object.keys(moves)).toEqual(
      expect.arrayContaining(["decoding", "joining", "overflowing", "upgrading"]),
    );
  });

  test.each(Object.entries(faults))("MV1 %s is found", async (_, fault) => {
    let seed = 1;
    while (seed <= SEEDS && (await simulate(seed, fault)).failure === null) seed++;
    expect(seed).toBeLessThanOrEqual(SEEDS);
  });
});
