// Reads a table of the documentation, so that a test and the page cannot differ. Knows nothing of what the cells mean.

import { readFileSync } from "node:fs";
import { join } from "node:path";

const DOCS = join(import.meta.dirname, "../../../docs");

/** One cell: what stands at the head of its row and its column, and in it. */
export interface Cell {
  readonly row: string;
  readonly column: string;
  readonly text: string;
}

/**
 * The cells of the first table that follows a text.
 * @throws Error when the page has no such text, or no table after it
 */
export function cellsAfter(page: string, text: string): Cell[] {
  const [, rest = ""] = readFileSync(join(DOCS, page), "utf8").split(text);
  const table = /\n((?:\|.*\n)+)/.exec(rest)?.[1];
  const [head = [], , ...rows] = (table ?? "")
    .trim()
    .split("\n")
    .map((line) => line.slice(1, -1).split("|").map(plain));
  if (rows.length === 0) throw new Error(`${page}: no table after ${text}`);
  return rows.flatMap(([row = "", ...texts]) =>
    texts.map((each, at) => ({ row, column: head[at + 1] ?? "", text: each })),
  );
}

function plain(cell: string): string {
  return cell.replace(/[*`→]/g, "").trim();
}
