// `npm run faults:cluster`: everything about clusters at length and over every engine; prints the tables of
// docs/scaling.md and docs/deployment.md.

import { runModule } from "../../../scripts/run-program.mjs";

process.exitCode = await runModule(
  "vitest/vitest.mjs",
  ["run", "--project", "e2e", "cluster/", "deploy/"],
  {
    env: { FAULTS: "long" },
  },
);
