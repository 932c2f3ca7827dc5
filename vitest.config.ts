// Unit and conformance tests: packages resolve to their TypeScript sources, nothing is built first.

import { defineConfig } from "vitest/config";
import { reporters } from "./vitest.reporters.ts";

export default defineConfig({
  resolve: { conditions: ["sockeye-source"] },
  ssr: { resolve: { conditions: ["sockeye-source"] } },
  test: {
    include: [
      "packages/*/src/**/*.test.ts",
      "hosts/*/src/**/*.test.ts",
      "examples/*/src/**/*.test.ts",
      "scripts/**/*.test.ts",
      "bench/**/*.test.ts",
    ],
    testTimeout: 10_000,
    // Files share a process, and modules are loaded once: half the time. Tests leave nothing behind in either.
    isolate: false,
    reporters: reporters(),
  },
});
