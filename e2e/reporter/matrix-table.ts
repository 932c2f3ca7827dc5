// Turns the results of the matrix tests into tables: one per transport, rows are pairs, columns features.
import type { TransportMode } from "../kit/transport-modes.ts";
import { transportModes } from "../kit/transport-modes.ts";
import { type Cell, features, pairName, pairs } from "../matrix/cells.ts";
import { olderPairs } from "../older/older-pairs.ts";
import { pythonPairNames } from "../python/python-pairs.ts";

/** The outcome of one test that belongs to a cell. */
export interface CellResult {
  readonly cell: Cell;
  readonly passed: boolean;
}

const NAMES: Readonly<Record<TransportMode, string>> = {
  polling: "HTTP long-polling only",
  websocket: "WebSocket only",
  upgrade: "HTTP long-polling, upgraded to WebSocket",
};

/** The tables as Markdown, which is also readable on a console: ✓ all passed, ✗ some failed, – not run. */
export function matrixTables(results: readonly CellResult[]): string {
  return transportModes.map((mode) => `${NAMES[mode]}\n\n${table(results, mode)}`).join("\n\n");
}

function table(results: readonly CellResult[], mode: TransportMode): string {
  const names = [...pairs.map(pairName), ...olderPairs.map(({ name }) => name), ...pythonPairNames];
  const rows = names.map((name) => {
    return [
      name,
      ...features.map((feature) =>
        mark(
          results.filter(
            ({ cell }) => cell.pair === name && cell.mode === mode && cell.feature === feature,
          ),
        ),
      ),
    ];
  });
  const lines = [["server × client", ...features], ...rows];
  const widths =
    lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0))) ?? [];
  const print = (line: readonly string[]): string =>
    `| ${line.map((text, column) => text.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const rule = `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`;
  const [head = [], ...body] = lines;
  return [print(head), rule, ...body.map(print)].join("\n");
}

function mark(results: readonly CellResult[]): string {
  if (results.length === 0) return "–";
  const failed = results.filter((result) => !result.passed).length;
  return failed === 0 ? "✓" : `✗ ${failed}/${results.length}`;
}
