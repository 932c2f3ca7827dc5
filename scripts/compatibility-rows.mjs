// Reads docs/compatibility: what differs from Socket.IO, what Sockeye adds, and a row with its tests for everything that
// Socket.IO has. Knows the form of the data, not what has to stand in it.

import { read } from "./repository.mjs";

export const FOLDER = "docs/compatibility";
/** The sections of rows, in the order of the page. */
const SECTIONS = ["wire", "server", "client", "types", "guides"];

/** What a row may say, and what a table of the page has in its columns. */
const FIELDS = {
  row: { item: "text", verdict: "verdict", note: "text?", tests: "texts?" },
  difference: { what: "text", socketIo: "text", sockeye: "text", why: "text" },
  addition: { what: "text", where: "text" },
};
const VERDICTS = ["same", "differs", "not there"];

/**
 * @typedef {{ item: string, verdict: "same" | "differs" | "not there", note?: string, tests?: string[] }} Row
 * What Socket.IO has, and what is to be said about it. A test is `file › title`.
 * @typedef {{ what: string, socketIo: string, sockeye: string, why: string }} Difference
 * @typedef {{ what: string, where: string }} Addition
 */
/**
 * @template T
 * @typedef {{ title: string, note?: string, rows: T[] }} Area rows below a heading, and a text above them
 */
/**
 * @typedef {{ section: string, areas: Area<Row>[] }} Section
 * @typedef {{ differences: Area<Difference>[], additions: Addition[], sections: Section[] }} Data
 */

/**
 * All files of the folder.
 * @returns {Data}
 */
export function readData() {
  const parsed = (/** @type {string} */ name) => JSON.parse(read(`${FOLDER}/${name}.json`));
  return {
    differences: parsed("differences").areas,
    additions: parsed("additions").rows,
    sections: SECTIONS.map(parsed),
  };
}

/**
 * What is wrong with the form of rows: a field that is missing, empty, of another kind, or unknown.
 * @param {Data} data
 */
export function problemsOf({ differences, additions, sections }) {
  return [
    ...differences.flatMap(({ title, rows }) =>
      rows.flatMap((row) => misshapen(row, FIELDS.difference, `${title}: ${row.what}`)),
    ),
    ...additions.flatMap((row) => misshapen(row, FIELDS.addition, `additions: ${row.what}`)),
    ...sections.flatMap(({ section, areas }) =>
      areas.flatMap(({ title, rows }) =>
        rows.flatMap((row) => misshapen(row, FIELDS.row, `${section}, ${title}: ${row.item}`)),
      ),
    ),
  ];
}

/**
 * @param {object} row
 * @param {Readonly<Record<string, string>>} fields
 * @param {string} where
 */
function misshapen(row, fields, where) {
  const values = new Map(Object.entries(row));
  const unknown = [...values.keys()].filter((name) => fields[name] === undefined);
  const wrong = Object.entries(fields)
    .filter(([name, kind]) => !isOf(kind, values.get(name)))
    .map(([name]) => name);
  return [
    ...unknown.map((name) => `${where}: unknown field "${name}"`),
    ...wrong.map((name) => `${where}: "${name}" is missing, empty or of another kind`),
  ];
}

/**
 * @param {string} kind
 * @param {unknown} value
 */
function isOf(kind, value) {
  const isText = (/** @type {unknown} */ one) =>
    typeof one === "string" && one.trim() === one && one !== "";
  if (kind.endsWith("?") && value === undefined) return true;
  if (kind === "verdict") return typeof value === "string" && VERDICTS.includes(value);
  if (kind === "texts?") return Array.isArray(value) && value.length > 0 && value.every(isText);
  return isText(value);
}

/**
 * The file and the title of a test.
 * @param {string} test
 * @returns {{ file: string, title: string } | undefined} undefined when it is no `file › title`
 */
export function testOf(test) {
  const [, file, title] = /^(\S+) › (.+)$/.exec(test) ?? [];
  return file === undefined || title === undefined ? undefined : { file, title };
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
