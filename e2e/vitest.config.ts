// Runs the end-to-end suites against the built packages, resolved as a user's project would:
// no source condition, and the packages themselves imported by Node, not by the test runner.
import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { reporters } from "../vitest.reporters.ts";
import { MatrixReporter } from "./reporter/matrix-reporter.ts";

export default defineConfig({
  cacheDir: join(import.meta.dirname, "../node_modules/.vite-e2e"),
  test: {
    root: import.meta.dirname,
    include: ["**/*.test.ts"],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    pool: "forks",
    maxWorkers: 2,
    server: { deps: { external: [/\/dist\//, /\/node_modules\//] } },
    reporters: [...reporters(), new MatrixReporter()],
  },
});
