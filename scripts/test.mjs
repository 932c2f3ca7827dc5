// `npm test`: from a fresh clone to one line of counts. Installs and builds what is missing, brings
// what the tests drive, checks everything, then drives the built programs from outside.

import { runModule, runScript } from "./run-program.mjs";
import { installPackages } from "./set-up.mjs";
import { clearReports, closingLine, readReports, reportEnvironment } from "./test-report.mjs";

// Far above what a run takes; it only keeps a hanging one from holding a machine for ever.
const E2E_LIMIT_MS = 15 * 60_000;

const started = performance.now();
await installPackages();
clearReports();

/** @type {string[]} */
const failures = [];
await stage("the programs that tests drive", () => runScript("setup-browsers.mjs"));
await stage("Python, for the tests that meet its Socket.IO", () => runScript("setup-python.mjs"));
const isBuilt = await stage("build", () => runScript("build.mjs"));
await stage("check", () => runScript("check.mjs"));
if (isBuilt) {
  await stage("end to end", () =>
    runModule("vitest/vitest.mjs", ["run", "--config", "e2e/vitest.config.ts"], {
      env: reportEnvironment("e2e"),
      limitMs: E2E_LIMIT_MS,
    }),
  );
}

const counts = readReports();
if (counts.failed > 0) failures.push("tests failed");
if (counts.passed === 0) failures.push("no test ran");
if (counts.skipped > 0 && process.env.CI === "true") failures.push("tests were skipped under CI");
const seconds = Math.round((performance.now() - started) / 1000);
const verdict = failures.length === 0 ? "All is well" : `Failed: ${failures.join("; ")}`;
console.log(`\n${verdict} after ${seconds} s.\n${closingLine(counts)}`);
process.exitCode = failures.length === 0 ? 0 : 1;

/**
 * @param {string} title
 * @param {() => Promise<number>} work resolves to an exit code
 */
async function stage(title, work) {
  console.log(`\n## ${title}`);
  const code = await work();
  if (code !== 0) failures.push(title);
  return code === 0;
}
