// Type tests: what the public types accept and refuse. The compiler judges; nothing runs.

import { defineConfig } from "vitest/config";
import { reporters } from "./vitest.reporters.ts";

export default defineConfig({
  test: {
    reporters: reporters(),
    typecheck: {
      enabled: true,
      only: true,
      checker: "tsc",
      include: ["packages/*/src/**/*.test-d.ts", "hosts/*/src/**/*.test-d.ts"],
      tsconfig: "./tsconfig.test.json",
      // The types step has checked the sources; here only the type tests are judged.
      ignoreSourceErrors: true,
    },
  },
});
