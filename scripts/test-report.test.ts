// Shows how the counts of test runs are added up and failures become lines.

import { join } from "node:path";
import { expect, it } from "vitest";
import { root } from "./repository.mjs";
import { addReports, closingLine, failureLines } from "./test-report.mjs";

const passed = { status: "passed" };
const failed = { status: "failed" };

function report(counts: [number, number, number, number], testResults: (typeof file)[] = []) {
  const [numPassedTests, numFailedTests, numPendingTests, numTodoTests] = counts;
  return { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults };
}
const file = { status: "passed", assertionResults: [passed] };

it("adds runs; what is pending or still to do was skipped", () => {
  const sum = addReports([report([3, 1, 1, 0]), report([4, 0, 0, 2])]);
  expect(sum).toEqual({ passed: 7, failed: 1, skipped: 3 });
});

it("counts a file that failed without a failed test, and no other, as a failure of its own", () => {
  const files = [
    file,
    { status: "failed", assertionResults: [passed, failed] },
    { status: "failed", assertionResults: [] },
  ];
  expect(addReports([report([2, 1, 0, 0], files)])).toEqual({ passed: 2, failed: 2, skipped: 0 });
});

it("closes with one plain line", () => {
  expect(closingLine({ passed: 7, failed: 1, skipped: 0 })).toBe("7 passed, 1 failed, 0 skipped");
});

it("gives each failure a line with file, line, name and reason, and a broken file one of its own", () => {
  const name = join(root, "e2e/wire/frames.test.ts");
  const at = `    at ${name}:12:3`;
  const lines = failureLines({
    ...report([0, 1, 0, 0]),
    testResults: [
      {
        name,
        status: "failed",
        assertionResults: [
          {
            status: "failed",
            fullName: "frames are masked",
            failureMessages: [`AssertionError: expected 1\n    at elsewhere.ts:1:1\n${at}`],
          },
          passed,
        ],
      },
      { name, status: "failed", message: "no such module\nstack", assertionResults: [] },
    ],
  });
  expect(lines).toEqual([
    "e2e/wire/frames.test.ts:12 frames are masked: AssertionError: expected 1",
    "e2e/wire/frames.test.ts: no such module",
  ]);
});
