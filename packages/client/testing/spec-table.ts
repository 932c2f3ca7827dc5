// Reads a table of docs/spec, so that a test and the page cannot differ. Knows nothing of what the cells mean.

import { readFileSync } from "node:fs";
import { join } from "node:path";

const PAGES = join(import.meta.dirname, "../../../docs/spec");

/** One cell: what stands at the head of its row and its column, and in it. */
export interface Cell {
  readonly row: string;
  readonly column: string;
  readonly text: string;
}

/**
 * The cells of the table that follows a rule.
 * @throws Error when the page has no such table
 */
export function cellsAfter(page: string, rule: string): Cell[] {
  const text = readFileSync(join(PAGES, page), "utf8");
  const table = /\n((?:\|.*\n)+)/.exec(text.slice(text.indexOf(`**${rule}**`)))?.[1];
  const [head = [], , ...rows] = (table ?? "")
    .trim()
    .split("\n")
    .map((line) => line.slice(1, -1).split("|").map(plain));
  if (rows.length === 0) throw new Error(`${page}: no table after ${rule}`);
  return rows.flatMap(([row = "", ...texts]) =>
    texts.map((each, at) => ({ row, column: head[at + 1] ?? "", text: each })),
  );
}

function plain(cell: string): string {
  return cell.replace(/[*`]/g, "").trim();
}
