// Fails when a bundle, compressed as a server would send it, is larger than its budget in
// size-budget.json, or is not there. Budgets are bytes after gzip.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { read, root } from "./repository.mjs";
import { runAsStep } from "./step.mjs";

/** @param {number} bytes */
function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(2)} kB`;
}

/**
 * @param {string} file
 * @param {number} budget
 */
function measure(file, budget) {
  if (!existsSync(join(root, file))) return { problem: `${file}: not built` };
  const size = gzipSync(readFileSync(join(root, file)), { level: 9 }).length;
  const line = `${file}: ${kilobytes(size)} of ${kilobytes(budget)}`;
  return size < budget ? { line } : { problem: `${line}: too large` };
}

await runAsStep(import.meta.url, () => {
  /** @type {Record<string, number>} */
  const budgets = JSON.parse(read("scripts/size-budget.json"));
  const results = Object.entries(budgets).map(([file, budget]) => measure(file, budget));
  for (const { line } of results) if (line !== undefined) console.log(`  ${line}`);
  const problems = results.flatMap(({ problem }) => (problem === undefined ? [] : [problem]));
  return { problems, summary: `${results.length} bundles` };
});
