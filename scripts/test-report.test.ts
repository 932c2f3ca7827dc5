// Shows how the counts of several test runs are added up.

import { expect, it } from "vitest";
import { addReports, closingLine } from "./test-report.mjs";

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
