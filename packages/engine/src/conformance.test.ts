// The engine's conformance cases over the memory host.

import { engineCases, memoryHost, runCase } from "@sockeye/testkit";
import { test } from "vitest";

for (const each of engineCases) {
  test(`${each.id} ${each.title}`, () => runCase(memoryHost, each));
}
