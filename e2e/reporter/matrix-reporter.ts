// Prints the compatibility matrix after the run, and writes it into the docs when UPDATE_DOCS=1.
// Silent when no test of the matrix ran.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Reporter, TestModule } from "vitest/node";
import { type CellResult, matrixTables } from "./matrix-table.ts";

const DOCUMENT = join(import.meta.dirname, "../../docs/compatibility-matrix.md");

function versionOf(name: string): string {
  const path = createRequire(import.meta.url).resolve(`${name}/package.json`);
  return (JSON.parse(readFileSync(path, "utf8")) as { version: string }).version;
}

function preface(): string {
  const server = versionOf("socket.io");
  const client = versionOf("socket.io-client");
  return [
    "# Compatibility matrix",
    "",
    "Written by the end-to-end tests (`UPDATE_DOCS=1 SOCKEYE_MATRIX=1 npm run e2e`); do not edit by hand.",
    "",
    `Every server against every client: Sockeye's own, \`socket.io\` ${server} and \`socket.io-client\` ${client}.`,
    "Below them stand earlier versions, and `python-socketio` as Debian packages it: an implementation of its own.",
    "Rows that have neither side from Sockeye prove the tests themselves.",
    "✓ every test of the cell passed · ✗ failed/all · – not run.",
  ].join("\n");
}

function resultsOf(modules: readonly TestModule[]): CellResult[] {
  const results: CellResult[] = [];
  for (const module of modules) {
    for (const test of module.children.allTests()) {
      const { cell } = test.meta();
      const { state } = test.result();
      if (cell !== undefined && (state === "passed" || state === "failed"))
        results.push({ cell, passed: state === "passed" });
    }
  }
  return results;
}

/** The reporter given to Vitest in its configuration. */
export class MatrixReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const results = resultsOf(modules);
    if (results.length === 0) return;
    const tables = matrixTables(results);
    console.log(`\nCompatibility matrix (${results.length} tests)\n\n${tables}\n`);
    if (process.env.UPDATE_DOCS === "1")
      writeFileSync(DOCUMENT, `${preface()}\n\n${tables.replaceAll(/^(?=[HW])/gm, "## ")}\n`);
  }
}
