// The checks that run no test, each a program of its own, two at a time. Goes on after a failure, so that one run shows them
// all, and fails at the end. They look at what is built; none builds.

import { capture } from "./run-program.mjs";

/** @typedef {{ title: string, command: string[] }} Step */

const script = (/** @type {string} */ name) => `scripts/${name}.mjs`;
const BIOME = "node_modules/@biomejs/biome/bin/biome";
const OXLINT = "node_modules/oxlint/bin/oxlint";

/** Arguments of Node. The long ones first. @type {Step[]} */
const steps = [
  { title: "types", command: [script("check-types")] },
  { title: "lint by types", command: [OXLINT, "--type-aware", "--deny-warnings", "."] },
  { title: "exports", command: [script("check-exports")] },
  { title: "API reports", command: [script("make-api"), "--check"] },
  { title: "unused code", command: ["node_modules/knip/bin/knip.js", "--no-progress"] },
  { title: "examples", command: [script("check-examples")] },
  { title: "snippets", command: [script("check-snippets")] },
  { title: "layers", command: [script("check-layers")] },
  { title: "hosts", command: [script("check-hosts")] },
  { title: "lock file", command: [script("check-lock")] },
  { title: "package.json files", command: [script("make-manifests"), "--check"] },
  { title: "source rules", command: [script("check-source")] },
  {
    title: "format",
    command: [BIOME, "check", "--linter-enabled=false", "--error-on-warnings", "."],
  },
  { title: "lint", command: [BIOME, "lint", "--error-on-warnings", "."] },
  { title: "sizes", command: ["node_modules/size-limit/bin.js"] },
  { title: "spec", command: [script("check-spec")] },
  { title: "compatibility", command: [script("check-compatibility")] },
  { title: "compatibility page", command: [script("make-compatibility"), "--check"] },
  { title: "reference pages", command: [script("make-reference"), "--check"] },
  { title: "pictures", command: [script("make-diagrams"), "--check"] },
];

/** What looks at packages as they would be released: not with `--quick`. */
const OF_RELEASES = new Set(["exports", "API reports", "unused code"]);
const isQuick = process.argv.includes("--quick");

/** @type {string[]} */
const results = [];
const left = steps.filter(({ title }) => !isQuick || !OF_RELEASES.has(title));
await Promise.all([work(), work()]);
console.log(`\n${results.join("\n")}`);

async function work() {
  for (let step = left.shift(); step !== undefined; step = left.shift()) {
    const started = performance.now();
    const { code, output } = await capture(process.execPath, step.command);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`\n-- ${step.title}\n${output.trimEnd()}`);
    const result = code === 0 ? "ok" : "FAILED";
    results.push(`${result.padEnd(8)}${step.title.padEnd(24)}${seconds.padStart(6)} s`);
    if (code !== 0) process.exitCode = 1;
  }
}
