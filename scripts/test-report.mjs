// Adds up what several vitest runs counted. Reads vitest's JSON reports; runs nothing itself.

import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { root } from "./repository.mjs";

const FOLDER = ".cache/reports";

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/** Forgets the reports of earlier runs. */
export function clearReports() {
  rmSync(join(root, FOLDER), { recursive: true, force: true });
  mkdirSync(join(root, FOLDER), { recursive: true });
}

/**
 * The environment that makes a vitest run leave a report (vitest.config.ts reads it).
 * @param {string} name of the run
 */
export function reportEnvironment(name) {
  return { VITEST_REPORT: join(root, FOLDER, `${name}.json`) };
}

/** What all reports since they were cleared say together. */
export function readReports() {
  const files = readdirSync(join(root, FOLDER)).filter((file) => file.endsWith(".json"));
  const reports = files.map((file) => JSON.parse(readFileSync(join(root, FOLDER, file), "utf8")));
  return { counts: addReports(reports), failures: reports.flatMap(failureLines) };
}

/**
 * @typedef {object} Result of one test
 * @property {string} status
 * @property {string} [fullName]
 * @property {string[]} [failureMessages] with stacks
 *
 * @typedef {object} Report what of vitest's report is read
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} numPendingTests
 * @property {number} numTodoTests
 * @property {{ name?: string, status: string, message?: string, assertionResults: Result[] }[]} testResults
 */

/**
 * Whether a file failed without any failed test: it did not load, or a hook threw.
 * @param {Report["testResults"][number]} file
 */
const isBroken = ({ status, assertionResults }) =>
  status === "failed" && !assertionResults.some((test) => test.status === "failed");

/**
 * Sums reports. A broken file counts as one failure.
 * @param {Report[]} reports
 * @returns {Counts}
 */
export function addReports(reports) {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const report of reports) {
    sum.passed += report.numPassedTests;
    sum.failed += report.numFailedTests + report.testResults.filter(isBroken).length;
    sum.skipped += report.numPendingTests + report.numTodoTests;
  }
  return sum;
}

/**
 * A line for each failure of a report: file and line, the test's name, the first line of what it says.
 * @param {Report} report
 * @returns {string[]}
 */
export function failureLines({ testResults }) {
  return testResults.flatMap((file) => {
    const path = relative(root, file.name ?? "");
    if (isBroken(file)) return [`${path}: ${firstLine(file.message ?? "")}`];
    return file.assertionResults
      .filter(({ status }) => status === "failed")
      .map(({ fullName, failureMessages = [] }) => {
        const text = failureMessages.join("\n");
        const line = text.split(`${path}:`)[1]?.match(/^\d+/)?.[0];
        const place = line === undefined ? path : `${path}:${line}`;
        return `${place} ${fullName}: ${firstLine(text)}`;
      });
  });
}

/** @param {string} text */
function firstLine(text) {
  return text.split("\n", 1)[0]?.trim() ?? "";
}

/**
 * The closing line of a test run.
 * @param {Counts} counts
 */
export function closingLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
