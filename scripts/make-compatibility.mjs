// Writes docs/compatibility.md: the text of docs/compatibility/page.md, with the tables of the data beside it.
// With --check it writes nothing, and fails when the page is not what the data say.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { FOLDER, problemsOf, readData, testOf } from "./compatibility-rows.mjs";
import { read, root } from "./repository.mjs";
import { runAsStep } from "./step.mjs";

const PAGE = "docs/compatibility.md";
const NOTE = "<!-- Made by `npm run compatibility` from docs/compatibility. Do not edit. -->";

/**
 * The page.
 * @param {string} template with a comment in the place of each table
 * @param {import("./compatibility-rows.mjs").Data} data
 * @returns {string}
 * @throws Error when the template has no place for one of the tables
 */
export function compatibilityPage(template, { differences, additions, sections }) {
  const places = {
    note: NOTE,
    differences: areas(differences, ["What", "Socket.IO", "Sockeye", "Why"], (row) => [
      row.what,
      row.socketIo,
      row.sockeye,
      row.why,
    ]),
    additions: table(
      ["What", "Where"],
      additions.map(({ what, where }) => [what, where]),
    ),
    rows: sections
      .map(
        ({ section, areas: all }) =>
          `## ${section}\n\n${areas(all, ["Item", "Sockeye", "Shown by"], cellsOf)}`,
      )
      .join("\n\n"),
  };
  return Object.entries(places).reduce((page, [name, text]) => {
    const place = `<!-- ${name} -->`;
    if (!page.includes(place)) throw new Error(`no place for ${name} in the template`);
    return page.replace(place, () => text);
  }, template);
}

/** @param {import("./compatibility-rows.mjs").Row} row */
function cellsOf({ item, verdict, note, tests = [] }) {
  const shown = tests.map((test) => {
    const { file, title } = testOf(test) ?? { file: test, title: "" };
    return `\`${file}\` › ${title}`;
  });
  return [item, note === undefined ? verdict : `${verdict}: ${note}`, shown.join("<br>")];
}

/**
 * @template T
 * @param {import("./compatibility-rows.mjs").Area<T>[]} all
 * @param {string[]} head
 * @param {(row: T) => string[]} cells
 */
function areas(all, head, cells) {
  return all
    .map(({ title, note, rows }) => {
      const text = note === undefined ? "" : `${note}\n\n`;
      return `### ${title}\n\n${text}${table(head, rows.map(cells))}`;
    })
    .join("\n\n");
}

/**
 * @param {string[]} head
 * @param {string[][]} rows
 */
function table(head, rows) {
  const line = (/** @type {string[]} */ cells) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), `|${head.map(() => "---").join("|")}|`, ...rows.map(line)].join("\n");
}

await runAsStep(import.meta.url, () => {
  const data = readData();
  const problems = problemsOf(data);
  if (problems.length > 0) return { problems, summary: FOLDER };
  const page = compatibilityPage(read(`${FOLDER}/page.md`), data);
  const isStale = read(PAGE) !== page;
  if (process.argv.includes("--check")) {
    const stale = isStale ? [`${PAGE}: not up to date; run npm run compatibility`] : [];
    return { problems: stale, summary: PAGE };
  }
  if (isStale) writeFileSync(join(root, PAGE), page);
  return { problems: [], summary: `${PAGE} ${isStale ? "written" : "is up to date"}` };
});
