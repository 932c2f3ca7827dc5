// The tests that need nothing built: packages resolve to their TypeScript sources.

import type { TestProjectInlineConfiguration } from "vitest/config";

/** Unit and conformance tests. */
export const unitProject: TestProjectInlineConfiguration = {
  resolve: { conditions: ["sockeye-source"] },
  ssr: { resolve: { conditions: ["sockeye-source"] } },
  test: {
    name: "unit",
    include: [
      "packages/*/src/**/*.test.ts",
      "hosts/*/src/**/*.test.ts",
      "adapters/*/src/**/*.test.ts",
      "examples/*/src/**/*.test.ts",
      "examples/*/*.test.ts",
      "scripts/**/*.test.ts",
      "bench/**/*.test.ts",
    ],
    testTimeout: 10_000,
    // Files share a process, and modules are loaded once: half the time. Tests leave nothing behind in either.
    isolate: false,
    // They wait more than they compute.
    maxWorkers: 4,
  },
};

/** What the public types accept and refuse. The compiler judges; nothing runs. */
export const typesProject: TestProjectInlineConfiguration = {
  test: {
    name: "types",
    include: [],
    maxWorkers: 4,
    typecheck: {
      enabled: true,
      only: true,
      checker: "tsc",
      include: ["packages/*/src/**/*.test-d.ts", "hosts/*/src/**/*.test-d.ts"],
      tsconfig: "./tsconfig.test-d.json",
      // The types step has checked the sources; here only the type tests are judged.
      ignoreSourceErrors: true,
    },
  },
};
