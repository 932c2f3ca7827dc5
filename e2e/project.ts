// The end-to-end suites against the built packages, resolved as a user's project would: no source condition, and the
// packages themselves imported by Node, not by the test runner.

import { join } from "node:path";
import type { TestProjectInlineConfiguration } from "vitest/config";
import { isBroad, isWhole } from "./kit/extent.ts";

/** What takes its time only with SOCKEYE_MATRIX. */
const WHOLE = [
  "chat/{handling,recovery}.test.ts",
  "deploy/rolling.test.ts",
  "examples/{dashboard,game,notifications,together,upload}.test.ts",
  "frameworks/**",
  "seeds/browser.test.ts",
];
/** What the pipeline has beside what a person's run has. */
const BROAD = [
  "browsers/{firefox,webkit}.test.ts",
  "chat/**",
  "deploy/sticky.test.ts",
  "examples/**",
  "guides/bindings.test.ts",
  "hosts/clients.test.ts",
  "site/**",
];

export const e2eProject: TestProjectInlineConfiguration = {
  cacheDir: join(import.meta.dirname, "../node_modules/.vite-e2e"),
  test: {
    name: "e2e",
    root: import.meta.dirname,
    include: ["**/*.test.ts"],
    exclude: [
      "packed/**",
      "**/node_modules/**",
      ...(isWhole ? [] : WHOLE),
      ...(isBroad ? [] : BROAD),
    ],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    pool: "forks",
    // A browser computes in bursts and waits between them.
    maxWorkers: 3,
    sequence: { groupOrder: 1 },
    server: { deps: { external: [/\/dist\//, /\/node_modules\//] } },
  },
};
