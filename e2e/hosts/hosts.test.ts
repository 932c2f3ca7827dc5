// The black-box suite on every host of the table. Its cases stand in packages/testkit/src/black-box.

import {
  type BlackBoxCase,
  type Chapter,
  caseName,
  chapters,
  type Need,
} from "@sockeye/testkit/black-box";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { HostProcess } from "./host-process.ts";
import { type HostRow, hosts } from "./hosts-table.ts";

type Each = readonly [Chapter["feature"], BlackBoxCase];

const all: readonly Each[] = chapters.flatMap(({ feature, cases }) =>
  cases.map((each): Each => [feature, each]),
);

/** Why a host does not run a case; `undefined` when it does. */
function exclusion(row: HostRow, [feature, each]: Each): string | undefined {
  const lacked = each.needs?.find((need: Need) => row.lacks?.[need] !== undefined);
  return lacked === undefined ? row.excludes?.[caseName(feature, each)] : row.lacks?.[lacked];
}

/** What a host is to show, and why when that is not what the case expects of all. */
function expectation(row: HostRow, [feature, each]: Each) {
  const own = row.differs?.[caseName(feature, each)] ?? (row.isControl ? each.control : undefined);
  return own ?? { expected: each.expected, reason: undefined };
}

test("every case has a name of its own, and rows name cases that there are", () => {
  const names = all.map(([feature, each]) => caseName(feature, each));
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  for (const { excludes = {}, differs = {} } of hosts) {
    expect(names).toEqual(
      expect.arrayContaining([...Object.keys(excludes), ...Object.keys(differs)]),
    );
  }
});

/** What was observed, with "no status" where the connection was dropped. */
function withCloseFrames(observed: unknown): unknown {
  if (Array.isArray(observed)) return observed.map(withCloseFrames);
  if (observed === 1006) return 1005;
  return observed === "closed with 1006" ? "closed with 1005" : observed;
}

for (const row of hosts) {
  describe.skipIf(row.runtime.path === undefined)(row.name, () => {
    let process: HostProcess;
    beforeAll(async () => {
      process = await HostProcess.start(row);
    });
    afterAll(() => process?.[Symbol.asyncDispose]());

    for (const each of all) {
      const [feature, { title, rules }] = each;
      if (exclusion(row, each) !== undefined) continue;
      const { expected, reason } = expectation(row, each);
      const differs = reason === undefined ? "" : ` (differs: ${reason})`;
      test(`${rules.join(", ")} ${feature}: ${title}${differs}`, async ({ task }) => {
        task.meta.hostCell = { host: row.name, feature };
        const observed = await process.host.run(each[1]);
        expect(row.dropsCloseFrames === undefined ? observed : withCloseFrames(observed)).toEqual(
          expected,
        );
      });
    }

    test("what is excluded is counted", ({ task }) => {
      const reasons = all.map((each) => exclusion(row, each)).filter((why) => why !== undefined);
      task.meta.hostExclusions = { host: row.name, reasons };
    });
  });
}
