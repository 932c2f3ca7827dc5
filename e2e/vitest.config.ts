// Runs the end-to-end suites against the built packages, resolved as a user's project would:
// no source condition, and the packages themselves imported by Node, not by the test runner.
// The projects named `packed` have them packed and installed first: `npm run e2e -- --project 'packed*'`.
import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { reporters } from "../vitest.reporters.ts";
import { packedProjects } from "./packed/projects.ts";
import { FittingReporter } from "./packed/run/fitting-reporter.ts";
import { MatrixReporter } from "./reporter/matrix-reporter.ts";

export default defineConfig({
  cacheDir: join(import.meta.dirname, "../node_modules/.vite-e2e"),
  test: {
    root: import.meta.dirname,
    reporters: [...reporters(), new FittingReporter(), new MatrixReporter()],
    projects: [
      {
        cacheDir: join(import.meta.dirname, "../node_modules/.vite-e2e"),
        test: {
          name: "e2e",
          root: import.meta.dirname,
          include: ["**/*.test.ts"],
          exclude: ["packed/**", "**/node_modules/**"],
          testTimeout: 30_000,
          hookTimeout: 30_000,
          pool: "forks",
          maxWorkers: 2,
          server: { deps: { external: [/\/dist\//, /\/node_modules\//] } },
        },
      },
      ...packedProjects,
    ],
  },
});
