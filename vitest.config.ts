// All tests, as projects of one run. `npm run unit` and `npm run e2e` choose among them; `--project NAME` too.

import { defineConfig } from "vitest/config";
import { packedProjects } from "./e2e/packed/projects.ts";
import { FittingReporter } from "./e2e/packed/run/fitting-reporter.ts";
import { e2eProject } from "./e2e/project.ts";
import { HostsReporter } from "./e2e/reporter/hosts-reporter.ts";
import { MatrixReporter } from "./e2e/reporter/matrix-reporter.ts";
import { LongestFirst } from "./scripts/vitest/longest-first.ts";
import { typesProject, unitProject } from "./scripts/vitest/source-projects.ts";

// The JSON report is what the last lines of `npm test` are made of.
const report = process.env.VITEST_REPORT;

export default defineConfig({
  test: {
    projects: [unitProject, typesProject, e2eProject, ...packedProjects],
    reporters: [
      "default",
      new FittingReporter(),
      new MatrixReporter(),
      new HostsReporter(),
      ...(report === undefined
        ? []
        : [["json", { outputFile: report }] satisfies [string, object]]),
    ],
    sequence: { sequencer: LongestFirst },
    // After a whole run functions of the bundler's native part keep the process, with all reports written.
    teardownTimeout: 2000,
  },
});
