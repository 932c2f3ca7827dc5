// The projects of the test runner that need the packed packages: one for each artefact, where the client's behaviour suites
// meet it, and one for what only the packages as a whole show.

import { join } from "node:path";
import type { TestProjectInlineConfiguration } from "vitest/config";
import { isBroad, isWhole } from "../kit/extent.ts";
import { ARTEFACTS, type Artefact } from "./artefacts.ts";
import { artefactPlugin } from "./run/artefact-plugin.ts";
import { fits, SUITES } from "./suites.ts";

const root = join(import.meta.dirname, "../..");
const inRun = (file: string): string => join(import.meta.dirname, "run", file);

const COMMON: NonNullable<TestProjectInlineConfiguration["test"]> = {
  root,
  globalSetup: [inRun("set-up.ts")],
  pool: "forks",
  // They wait most of the time. Apart from the other suites, which count on a processor each.
  maxWorkers: 5,
  sequence: { groupOrder: 2 },
};

/** What a script for pages may get wrong that the module, of the same sources, does not: its names, values, wire form. */
const OF_SCRIPTS =
  /^(against-socket-io|same-as-.*|io-reuse|compat-(acks|emit|hooks|io|listeners|socket-state))$/;

/** What takes its time only with SOCKEYE_MATRIX, and what the pipeline has beside what a person's run has. */
const WHOLE = ["e2e/packed/published.test.ts"];
const BROAD = ["release", "hosts-together", "tutorial"].map((name) => `e2e/packed/${name}.test.ts`);

function projectOf(artefact: Artefact): TestProjectInlineConfiguration {
  const isShort = !isWhole && artefact.form === "script";
  const suites = Object.entries(SUITES)
    .filter(([name]) => !isShort || OF_SCRIPTS.test(name))
    .filter(([, suite]) => fits(suite, artefact));
  return {
    plugins: [artefactPlugin(artefact)],
    cacheDir: join(root, "node_modules/.vite-packed"),
    test: {
      ...COMMON,
      name: `packed:${artefact.name}`,
      include: suites.map(([name]) => `packages/client/src/node/${name}.test.ts`),
      setupFiles: artefact.platform === "browser" ? [inRun("browser-globals.ts")] : [],
      runner: inRun("fitting-runner.ts"),
      testTimeout: 10_000,
      isolate: false,
      server: { deps: { external: [/\/node_modules\//, /fresh-import\.mjs$/] } },
    },
  };
}

const whole: TestProjectInlineConfiguration = {
  cacheDir: join(root, "node_modules/.vite-packed"),
  test: {
    ...COMMON,
    name: "packed",
    include: ["e2e/packed/*.test.ts"],
    exclude: [...(isWhole ? [] : WHOLE), ...(isBroad ? [] : BROAD)],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    server: { deps: { external: [/\/dist\//, /\/node_modules\//] } },
  },
};

/** The others of `ARTEFACTS` have the same sources as one of these, readable: they are tried with SOCKEYE_MATRIX. */
const SHORT = /^(node|module|script\.min|script\.msgpack|websocket|engine)$/;
const chosen = ARTEFACTS.filter(({ name }) => isWhole || SHORT.test(name));

/** For the configuration of the end-to-end suites. */
export const packedProjects: readonly TestProjectInlineConfiguration[] = [
  whole,
  ...chosen.map(projectOf),
];
