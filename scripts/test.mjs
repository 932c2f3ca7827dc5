// `npm test`: from a fresh clone to one line of counts. Says what it needs, installs and builds what is missing, checks
// everything, then runs all tests, those that drive the built programs from outside included.
// `npm test -- --quick` leaves out what needs more than Node and the packages of the lock file.

import { run, runModule, runScript } from "./run-program.mjs";
import { installPackages } from "./set-up.mjs";
import { announce } from "./test-needs.mjs";
import { clearReports, closingLine, readReports, reportEnvironment } from "./test-report.mjs";

// Far above what a run takes; it only keeps a hanging one from holding a machine for ever.
const TESTS_LIMIT_MS = 18 * 60_000;

const isQuick = process.argv.includes("--quick");
// The pipeline's run has more browsers, engines, pages and examples: decision 0040.
const isBroad = process.env.CI === "true";
const started = performance.now();
announce(isQuick, isBroad);
await installPackages();
clearReports();

/** @type {string[]} */
const broken = [];
// Fetched while the checks run, which leave the network alone.
const programs = isQuick
  ? []
  : [
      stage("the programs that tests drive", async () => {
        let worst = 0;
        for (const kind of ["browsers", "python", "brokers"]) {
          worst = Math.max(worst, await runScript(`setup-${kind}.mjs`));
        }
        return worst;
      }),
      stage("the tools of a user's project", () => runScript("setup-toolchain.mjs")),
      ...(isBroad
        ? [stage("what the documentation site is built with", () => runScript("setup-site.mjs"))]
        : []),
      stage("the runtimes of hosts", () => runScript("setup-runtimes.mjs")),
    ];
const isBuilt = await stage("build", () => runScript("build.mjs"));
const checked = stage("check", () =>
  run(process.execPath, ["scripts/check-static.mjs", ...(isQuick ? ["--quick"] : [])]),
);
// Without other programs the tests wait enough to leave the checks some time.
if (!isQuick) await checked;
await Promise.all(programs);
if (isBuilt) {
  const projects = isQuick ? ["--project", "unit", "--project", "types"] : [];
  await stage("tests", () =>
    runModule("vitest/vitest.mjs", ["run", ...projects], {
      env: reportEnvironment(isQuick ? "quick" : "all"),
      limitMs: TESTS_LIMIT_MS,
    }),
  );
}

await checked;
const { counts, failures } = readReports();
if (counts.passed === 0) broken.push("no test ran");
if (counts.skipped > 0 && process.env.CI === "true") broken.push("tests were skipped under CI");
const seconds = Math.round((performance.now() - started) / 1000);
const isWell = broken.length === 0 && counts.failed === 0;
console.log(`\n${isWell ? "All is well" : "Failed"} after ${seconds} s.`);
for (const line of [...broken.map((title) => `stage: ${title}`), ...failures]) {
  console.log(`  ${line}`);
}
console.log(closingLine(counts));
process.exitCode = isWell ? 0 : 1;

/**
 * @param {string} title
 * @param {() => Promise<number>} work resolves to an exit code
 */
async function stage(title, work) {
  console.log(`\n## ${title}`);
  const code = await work();
  if (code !== 0) broken.push(title);
  return code === 0;
}
