// The order of test files: the longest first, so that no long one is left alone at the end while other workers are idle.

import { relative } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { root } from "../repository.mjs";

/** Files that take a minute and more, the longest first. */
const LONG = [
  "e2e/browsers/firefox.test.ts",
  "e2e/browsers/chromium.test.ts",
  "e2e/browsers/webkit.test.ts",
  "e2e/seeds/",
  "e2e/chat/",
  "e2e/drop-in/",
  "e2e/packed/declarations.test.ts",
  "e2e/packed/jest.test.ts",
  "e2e/matrix/",
  "e2e/hosts/hosts.test.ts",
];

/** Sorts within a group of projects; groups follow each other by their `groupOrder`. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((left, right) => place(left) - place(right));
  }
}

function place({ moduleId }: TestSpecification): number {
  const path = relative(root, moduleId);
  const index = LONG.findIndex((long) => path.startsWith(long));
  return index === -1 ? LONG.length : index;
}
