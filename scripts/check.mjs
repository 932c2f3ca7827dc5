// `npm run check`: the checks that run no test, then the tests that need nothing built. Goes on after a failure.

import { runModule, runScript } from "./run-program.mjs";

const codes = [
  await runScript("check-static.mjs"),
  await runModule("vitest/vitest.mjs", ["run", "--project", "unit", "--project", "types"]),
];
process.exitCode = Math.max(...codes);
