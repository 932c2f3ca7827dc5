// Reads docs/compatibility.md: the rows of its tables and the tests that they name. Knows the form of
// the page, not what has to stand in it.

const HEAD = /^\|\s*Item\s*\|\s*Sockeye\s*\|\s*Shown by\s*\|$/;
const RULE = /^\|[\s|:-]+\|$/;
const TEST = /^`([^`]+)` › (.+)$/;

/**
 * @typedef {{ file: string, title: string }} NamedTest
 * @typedef {object} Row
 * @property {number} line in the page
 * @property {string} section the `##` heading above it
 * @property {string} subsection the `###` heading above it, or ""
 * @property {string} item
 * @property {string} verdict what the column `Sockeye` says
 * @property {NamedTest[]} tests
 * @property {string[]} unread what the column `Shown by` says and is no test
 */

/**
 * The rows of every table that has the three columns, and complaints about lines that are no rows.
 * @param {string} page
 * @returns {{ rows: Row[], problems: string[] }}
 */
export function readRows(page) {
  /** @type {Row[]} */
  const rows = [];
  /** @type {string[]} */
  const problems = [];
  let section = "";
  let subsection = "";
  let isInTable = false;
  for (const [index, line] of page.split("\n").entries()) {
    if (line.startsWith("## ")) [section, subsection] = [line.slice(3).trim(), ""];
    else if (line.startsWith("### ")) subsection = line.slice(4).trim();
    if (!line.startsWith("|")) isInTable = false;
    else if (HEAD.test(line)) isInTable = true;
    else if (isInTable && !RULE.test(line)) {
      const cells = cellsOf(line);
      if (cells.length !== 3) problems.push(`line ${index + 1}: ${cells.length} columns, not 3`);
      const [item = "", verdict = "", shown = ""] = cells;
      rows.push({ line: index + 1, section, subsection, item, verdict, ...testsOf(shown) });
    }
  }
  return { rows, problems };
}

/** @param {string} line */
function cellsOf(line) {
  const inner = line
    .trim()
    .replace(/^\|/, "")
    .replace(/(?<!\\)\|$/, "");
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|"));
}

/** @param {string} shown */
function testsOf(shown) {
  /** @type {NamedTest[]} */
  const tests = [];
  /** @type {string[]} */
  const unread = [];
  for (const part of shown === "" ? [] : shown.split("<br>")) {
    const [, file, title] = TEST.exec(part.trim()) ?? [];
    if (file === undefined || title === undefined) unread.push(part.trim());
    else tests.push({ file, title: title.trim() });
  }
  return { tests, unread };
}

/**
 * Whether a test file has this title: a text in quotes, the whole of it, as titles and tables of
 * titles have it.
 * @param {string} text of the file
 * @param {string} title
 */
export function hasTitle(text, title) {
  const quoted = ['"', "'", "`"].flatMap((quote) => [
    `${quote}${title}${quote}`,
    `${quote}${title.replaceAll(quote, `\\${quote}`)}${quote}`,
  ]);
  return quoted.some((form) => text.includes(form));
}

/**
 * The code spans of a text.
 * @param {string} text
 * @returns {string[]}
 */
export function spansOf(text) {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, span = ""]) => span);
}
