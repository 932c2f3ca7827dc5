// The rows of the compatibility matrix for earlier versions.
import { describe, test } from "vitest";
import { transportModes } from "../kit/transport-modes.ts";
import { features } from "../matrix/cells.ts";
import { OlderBench, olderPairs } from "./older-pairs.ts";
import { olderScenarios } from "./older-scenarios.ts";

for (const pair of olderPairs) {
  for (const mode of transportModes) {
    describe(`${pair.name}, ${mode}`, () => {
      for (const feature of features) {
        test(`LE1 ${feature}`, async ({ task }) => {
          task.meta.cell = { pair: pair.name, mode, feature };
          await using bench = await OlderBench.start(pair, mode);
          await olderScenarios[feature](bench);
        });
      }
    });
  }
}
