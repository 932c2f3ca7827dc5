// One thing that a pair with Python must do, and how it becomes a test in a cell of the matrix.

import { describe, test } from "vitest";
import { isWhole } from "../kit/extent.ts";
import { type TransportMode, transportModes } from "../kit/transport-modes.ts";
import type { Feature } from "../matrix/cells.ts";
import { pythonPath } from "./python-path.ts";

/** A test of one feature with a bench that makes servers and clients. */
export interface PythonScenario<Bench> {
  readonly feature: Feature;
  readonly title: string;
  /** Absent: all three. */
  readonly modes?: readonly TransportMode[];
  run(bench: Bench): Promise<void>;
}

/** An upgrade has polling and WebSocket in it; each alone takes its time only with SOCKEYE_MATRIX. */
const tried: readonly TransportMode[] = isWhole ? transportModes : ["upgrade"];

/** Makes one test per transport and scenario of a pair; `open` gives each test a bench of its own. */
export function registerPython<Bench extends AsyncDisposable>(
  pair: string,
  scenarios: readonly PythonScenario<Bench>[],
  open: (mode: TransportMode) => Bench,
): void {
  for (const mode of tried) {
    describe.skipIf(pythonPath === undefined)(`${pair}, ${mode}`, () => {
      for (const { feature, title, modes, run } of scenarios) {
        if (modes !== undefined && !modes.includes(mode)) continue;
        test(`${feature}: ${title}`, async ({ task }) => {
          task.meta.cell = { pair, mode, feature };
          await using bench = open(mode);
          await run(bench);
        });
      }
    });
  }
}
