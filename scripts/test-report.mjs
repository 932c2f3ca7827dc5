// Adds up what several vitest runs counted. Reads vitest's JSON reports; runs nothing itself.

import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "./repository.mjs";

const FOLDER = ".cache/reports";

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/** Forgets the reports of earlier runs. */
export function clearReports() {
  rmSync(join(root, FOLDER), { recursive: true, force: true });
  mkdirSync(join(root, FOLDER), { recursive: true });
}

/**
 * The environment that makes a vitest run leave a report (the vitest configs read it).
 * @param {string} name of the run
 */
export function reportEnvironment(name) {
  return { VITEST_REPORT: join(root, FOLDER, `${name}.json`) };
}

/** The sum over all reports since they were cleared. */
export function readReports() {
  const files = readdirSync(join(root, FOLDER)).filter((file) => file.endsWith(".json"));
  return addReports(
    files.map((file) => JSON.parse(readFileSync(join(root, FOLDER, file), "utf8"))),
  );
}

/**
 * @typedef {object} Report what of vitest's report is read
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} numPendingTests
 * @property {number} numTodoTests
 * @property {{ status: string, assertionResults: { status: string }[] }[]} testResults
 */

/**
 * Sums reports. A file that failed without any failed test (it did not load, or a hook threw)
 * counts as one failure.
 * @param {Report[]} reports
 * @returns {Counts}
 */
export function addReports(reports) {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const report of reports) {
    const broken = report.testResults.filter(
      ({ status, assertionResults }) =>
        status === "failed" && !assertionResults.some((test) => test.status === "failed"),
    );
    sum.passed += report.numPassedTests;
    sum.failed += report.numFailedTests + broken.length;
    sum.skipped += report.numPendingTests + report.numTodoTests;
  }
  return sum;
}

/**
 * The closing line of a test run.
 * @param {Counts} counts
 */
export function closingLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
