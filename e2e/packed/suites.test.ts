// The table of suites is whole: every file of behaviour tests runs on artefacts, or stays on the sources for a reason.

import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { ARTEFACTS } from "./artefacts.ts";
import { fits, ON_SOURCES, SUITES } from "./suites.ts";

const FOLDER = join(import.meta.dirname, "../../packages/client/src/node");

test("every test file of the client in Node stands in the table once", () => {
  const files = readdirSync(FOLDER)
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => basename(file, ".test.ts"));
  expect([...Object.keys(SUITES), ...Object.keys(ON_SOURCES)].sort()).toEqual(files.sort());
});

test("every suite runs on an artefact, and every artefact has suites", () => {
  const suites = Object.entries(SUITES);
  const idle = suites.filter(([, suite]) => !ARTEFACTS.some((artefact) => fits(suite, artefact)));
  expect(idle.map(([name]) => name)).toEqual([]);
  const untried = ARTEFACTS.filter(
    (artefact) => !suites.some(([, suite]) => fits(suite, artefact)),
  );
  expect(untried.map(({ name }) => name)).toEqual([]);
});
