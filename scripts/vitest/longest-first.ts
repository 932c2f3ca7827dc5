// The order of test files: the longest first, so that no long one is left alone at the end while other workers are idle.

import { relative } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { root } from "../repository.mjs";

/** What takes longest beside the rest of a run, in seconds, as the run prints it; the longest first. */
const LONG = [
  "e2e/site/site.test.ts", // 149
  "e2e/cluster/features.test.ts", // 115
  "e2e/packed/published.test.ts", // 108
  "e2e/browsers/chromium.test.ts", // 95
  "e2e/hosts/hosts.test.ts", // 72
  "e2e/cluster/mixed.test.ts", // 71
  "e2e/drop-in/", // 50
  "e2e/faults/", // 44
  "e2e/browsers/firefox.test.ts", // 42
  "e2e/packed/declarations.test.ts", // 39
  "e2e/packed/tutorial.test.ts", // 39
  "e2e/matrix/disconnect.test.ts", // 37
  "e2e/seeds/", // 34
  "e2e/hosts/clients.test.ts", // 33
  "e2e/examples/", // 33
  "e2e/browsers/webkit.test.ts", // 33
  "e2e/cluster/recovery.test.ts", // 32
  "e2e/cluster/faults.test.ts", // 32
  "e2e/matrix/reconnect.test.ts", // 29
  "e2e/hosts/hibernation.test.ts", // 28
  "e2e/deploy/", // 28
  "e2e/cluster/log.test.ts", // 28
  "e2e/chat/", // 27
  "e2e/packed/install-size.test.ts", // 26
  "e2e/packed/jest.test.ts", // 24
  "e2e/packed/hosts-together.test.ts", // 24
  "e2e/cluster/", // 24
  "e2e/memory/", // 21
  "e2e/bad-input/", // 21
  "e2e/matrix/", // 13
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
