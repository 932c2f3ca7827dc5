// `npm run check`: every check in order, each a program of its own. Goes on after a failure, so that
// one run shows them all, and fails at the end. It checks what is built; it does not build.

import { run, runModule, runScript } from "./run-program.mjs";
import { reportEnvironment } from "./test-report.mjs";

/**
 * @typedef {{ title: string, run: () => Promise<number> }} Step
 * @type {Step[]}
 */
const steps = [
  { title: "layers", run: () => runScript("check-layers.mjs") },
  { title: "lock file", run: () => runScript("check-lock.mjs") },
  {
    title: "package.json files",
    run: () => run(process.execPath, ["scripts/make-manifests.mjs", "--check"]),
  },
  { title: "source rules", run: () => runScript("check-source.mjs") },
  { title: "format", run: () => biome(["check", "--linter-enabled=false"]) },
  { title: "lint", run: () => biome(["lint"]) },
  { title: "lint by types", run: () => runModule("oxlint/bin/oxlint", OXLINT) },
  { title: "types", run: () => runScript("check-types.mjs") },
  { title: "unit and conformance", run: () => vitest("unit", []) },
  { title: "type tests", run: () => vitest("types", ["--config", "vitest.types.config.ts"]) },
  { title: "exports", run: () => runScript("check-exports.mjs") },
  { title: "sizes", run: () => runScript("check-size.mjs") },
  { title: "examples", run: () => runScript("check-examples.mjs") },
  { title: "spec", run: () => runScript("check-spec.mjs") },
  { title: "compatibility page", run: () => runScript("check-compatibility.mjs") },
  {
    title: "reference pages",
    run: () => run(process.execPath, ["scripts/make-reference.mjs", "--check"]),
  },
];

const OXLINT = ["--type-aware", "--deny-warnings", "."];

/** @param {string[]} args */
function biome(args) {
  return runModule("@biomejs/biome/bin/biome", [...args, "--error-on-warnings", "."]);
}

/**
 * @param {string} name
 * @param {string[]} args
 */
function vitest(name, args) {
  return runModule("vitest/vitest.mjs", ["run", ...args], { env: reportEnvironment(name) });
}

/** @type {string[]} */
const results = [];
for (const step of steps) {
  console.log(`\n-- ${step.title}`);
  const started = performance.now();
  const code = await step.run();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const result = code === 0 ? "ok" : "FAILED";
  results.push(`${result.padEnd(8)}${step.title.padEnd(24)}${seconds.padStart(6)} s`);
  if (code !== 0) process.exitCode = 1;
}
console.log(`\n${results.join("\n")}`);
