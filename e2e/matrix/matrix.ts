// Registers the scenarios of some features for every pair and transport, and marks each test with the
// cell of the matrix it belongs to.

import { describe, test } from "vitest";
import { isWhole } from "../kit/extent.ts";
import { type TransportMode, transportModes } from "../kit/transport-modes.ts";
import { Bench, type Scenario } from "./bench.ts";
import { type Pair, pairName, pairs } from "./cells.ts";

// The control says nothing of ours, so it takes its time only with SOCKEYE_MATRIX.
const chosen = isWhole ? pairs : pairs.slice(0, -1);

/** Where both sides are ours, each alone shows polling and WebSocket with a side of Socket.IO's. */
function modesOf({ client, server }: Pair): readonly TransportMode[] {
  return !isWhole && client === "sockeye" && server === "sockeye" ? ["upgrade"] : transportModes;
}

/** Makes one test per pair, transport and scenario. */
export function registerMatrix(scenarios: readonly Scenario[]): void {
  for (const pair of chosen) {
    for (const mode of modesOf(pair)) {
      describe(`${pairName(pair)}, ${mode}`, () => {
        for (const scenario of scenarios) {
          if (scenario.modes !== undefined && !scenario.modes.includes(mode)) continue;
          test(`${scenario.feature}: ${scenario.title}`, async ({ task }) => {
            task.meta.cell = { pair: pairName(pair), mode, feature: scenario.feature };
            await using bench = new Bench(pair, mode);
            await scenario.run(bench);
          });
        }
      });
    }
  }
}
