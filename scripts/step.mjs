// The shape of one step of `npm run check`: it finds problems, prints them, and sets the exit code.
// Knows nothing of what is checked.

import { argv } from "node:process";
import { pathToFileURL } from "node:url";

/**
 * @typedef {object} Findings
 * @property {string[]} problems one line each; none means the step has passed
 * @property {string} summary what was looked at, such as "52 files"
 */

/**
 * Runs `find` when the script is the program, and does nothing when it is imported by a test.
 * @param {string} url the script's `import.meta.url`
 * @param {() => Findings | Promise<Findings>} find
 */
export async function runAsStep(url, find) {
  if (argv[1] === undefined || pathToFileURL(argv[1]).href !== url) return;
  const { problems, summary } = await find();
  for (const problem of problems) console.error(`  ${problem}`);
  console.log(problems.length === 0 ? summary : `${problems.length} problem(s) in ${summary}`);
  if (problems.length > 0) process.exitCode = 1;
}
