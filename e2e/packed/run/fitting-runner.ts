// Takes out of a suite the tests that need what the artefact has not, before they are reported and run. What is taken out
// is counted by reason. An exception that takes out nothing is a mistake in the table of suites.

import { basename } from "node:path";
import { type RunnerTask, type RunnerTestFile, TestRunner, type TestRunnerConfig } from "vitest";
import { ARTEFACTS, type Artefact } from "../artefacts.ts";
import { missingFor, SUITES, type Suite } from "../suites.ts";

declare module "vitest" {
  interface TaskMeta {
    /** How many tests of a file do not fit the artefact, by reason. */
    left?: Record<string, number>;
  }
}

type Report = (files: RunnerTestFile[]) => unknown;

/** Takes out what does not fit, and counts it. */
function takeOut(file: RunnerTestFile, suite: Suite, artefact: Artefact): void {
  const left: Record<string, number> = {};
  const exceptions = (suite.except ?? []).flatMap((exception) => {
    const [reason] = missingFor(artefact, exception.needs);
    return reason === undefined ? [] : [{ ...exception, reason, isUsed: false }];
  });
  const isKept = (task: RunnerTask, path: string): boolean => {
    const title = path === "" ? task.name : `${path} > ${task.name}`;
    if (task.type === "suite") {
      task.tasks = task.tasks.filter((child) => isKept(child, title));
      return task.tasks.length > 0;
    }
    const met = exceptions.filter(({ tests }) => tests.test(title));
    for (const exception of met) exception.isUsed = true;
    const [first] = met;
    if (first !== undefined) left[first.reason] = (left[first.reason] ?? 0) + 1;
    return first === undefined;
  };
  const hasTests = file.tasks.length > 0;
  file.tasks = file.tasks.filter((task) => isKept(task, ""));
  file.meta.left = left;
  const stale = exceptions.filter(({ isUsed }) => !isUsed).map(({ tests }) => String(tests));
  if (stale.length > 0 && hasTests)
    throw new Error(`${file.name} has no test like ${stale.join(", ")}`);
}

/** The runner that the projects of the artefacts name. With `PACKED_ALL=1` everything stays. */
// biome-ignore lint/style/noDefaultExport: it is the default export that the test runner takes.
export default class FittingRunner extends TestRunner {
  constructor(config: TestRunnerConfig) {
    super(config as never);
    let report: Report | undefined;
    const takeOutAndReport: Report = async (files) => {
      for (const file of files) {
        const artefact = ARTEFACTS.find(({ name }) => file.projectName === `packed:${name}`);
        const suite = SUITES[basename(file.filepath, ".test.ts")];
        if (artefact !== undefined && suite !== undefined && process.env.PACKED_ALL !== "1")
          takeOut(file, suite, artefact);
      }
      await report?.(files);
    };
    // The test runner puts its report of collected tests here, which would count those as skipped that are taken out
    // after it.
    Object.defineProperty(this, "onCollected", {
      get: () => (report === undefined ? undefined : takeOutAndReport),
      set: (next: Report) => {
        report = next;
      },
    });
  }
}
