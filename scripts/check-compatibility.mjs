// Holds docs/compatibility.md, the tests and the packages together: every row has a test or states a
// difference, every test that is named exists, and every option, reason and public member has a row.
// Knows what stands in the page, not whether it is true: that is the tests' business.

import { existsSync } from "node:fs";
import { join, posix } from "node:path";
import { hasTitle, readRows, spansOf } from "./compatibility-rows.mjs";
import { FACES } from "./public-faces.mjs";
import { exportsOf, membersOf } from "./public-names.mjs";
import { read, root } from "./repository.mjs";
import { runAsStep } from "./step.mjs";

const PAGE = "docs/compatibility.md";
const SECTIONS = ["Wire", "Server", "Client", "Types", "What the guides name"];
const VERDICT = /^(?:same\b|differs: \S|not there: \S)/;
const TEST_FILE =
  /\.test(?:-d)?\.ts$|^packages\/testkit\/src\/(?:(?:black-box\/)?cases|cluster)\/|^e2e\/.*\.ts$/;

// Between the parts of the library: public for the compiler only, and nothing for applications.
const INTERNAL =
  /^(?:on(?!Any)[A-Z]\w*|own|screen|raise\w*|receivedBytes|attachFor|reportFlushes|whenSent)$/;

/** Packages for applications, and the sections in which their names may stand. */
const PACKAGES = { "hosts/node": ["Server", "Types"], "packages/client": ["Client", "Types"] };

/**
 * Something that must have a row.
 * @typedef {{ what: string, sections: string[], isMeant: (span: string, subsection: string) => boolean }} Wanted
 */

/**
 * The complaints about a page.
 * @param {string} page
 * @param {(file: string) => string | null} textOf the text of a file, or null when there is none
 * @param {Wanted[]} wanted
 * @returns {string[]}
 */
export function checkCompatibility(page, textOf, wanted) {
  const { rows, problems } = readRows(page);
  const missing = SECTIONS.filter((name) => !rows.some(({ section }) => section === name));
  return [
    ...problems.map((problem) => `${PAGE}: ${problem}`),
    ...missing.map((name) => `${PAGE}: no rows under "${name}"`),
    ...rows.flatMap((row) =>
      [...checkRow(row), ...checkTests(row, textOf)].map(
        (problem) => `${PAGE}:${row.line}: ${problem}`,
      ),
    ),
    ...checkWanted(rows, wanted).map((problem) => `${PAGE}: ${problem}`),
  ];
}

/** @param {import("./compatibility-rows.mjs").Row} row */
function checkRow({ section, item, verdict, tests, unread }) {
  const problems = unread.map((text) => `"${text}" is no \`file\` › title`);
  if (!SECTIONS.includes(section)) problems.push(`a row under "${section}"`);
  if (item === "") problems.push("no item");
  if (!VERDICT.test(verdict)) {
    problems.push(`"${verdict}" begins with none of "same", "differs: …", "not there: …"`);
  } else if (verdict.startsWith("same") && tests.length === 0 && unread.length === 0) {
    problems.push("neither a test nor a difference");
  }
  return problems;
}

/**
 * @param {import("./compatibility-rows.mjs").Row} row
 * @param {(file: string) => string | null} textOf
 */
function checkTests({ tests }, textOf) {
  return tests.flatMap(({ file, title }) => {
    if (!TEST_FILE.test(file)) return [`${file} is no test file`];
    const text = textOf(file);
    if (text === null) return [`${file} does not exist`];
    return hasTitle(text, title) ? [] : [`${file} has no test "${title}"`];
  });
}

/**
 * @param {import("./compatibility-rows.mjs").Row[]} rows
 * @param {Wanted[]} wanted
 */
function checkWanted(rows, wanted) {
  const spans = rows.flatMap(({ section, subsection, item }) =>
    spansOf(item).map((span) => ({ section, subsection, span })),
  );
  return wanted
    .filter(
      ({ sections, isMeant }) =>
        !spans.some(
          ({ section, subsection, span }) =>
            sections.includes(section) && isMeant(span, subsection),
        ),
    )
    .map(({ what, sections }) => `no row for ${what} under "${sections.join('" or "')}"`);
}

/**
 * Names in code in the first column of a reference page, by the part before the colon of the heading above.
 * @param {string} page
 * @param {string} what such as "option"
 * @returns {Wanted[]}
 */
export function wantedFrom(page, what) {
  let section = "";
  return page.split("\n").flatMap((line) => {
    if (line.startsWith("## ")) section = line.slice(3).split(":")[0] ?? "";
    const [, name] = /^\| `([^`]+)` \|/.exec(line) ?? [];
    if (name === undefined) return [];
    return [
      { what: `${what} "${name}"`, sections: [section], isMeant: (span) => begins(span, name) },
    ];
  });
}

/**
 * A member, which an item names as `subject.member`, or as `member` below a heading that names the subject.
 * @param {{ section: string, subject: string }} face
 * @param {string} member
 * @returns {Wanted}
 */
export function wantedMember({ section, subject }, member) {
  const heading = new RegExp(`\\b${subject === "io" ? "server" : subject}\\b`, "i");
  return {
    what: `${subject}.${member}`,
    sections: [section],
    isMeant: (span, subsection) =>
      begins(span, `${subject}.${member}`) || (begins(span, member) && heading.test(subsection)),
  };
}

/**
 * @param {string} span
 * @param {string} name
 */
function begins(span, name) {
  return span.startsWith(name) && !/^\w/.test(span.slice(name.length));
}

/** @returns {Wanted[]} */
function wantedNames() {
  const members = FACES.flatMap((face) => {
    const all = Object.entries(face.declared).flatMap(([file, names]) =>
      names.flatMap((name) => membersOf(read(file), name)),
    );
    return [...new Set(all)]
      .filter((member) => !INTERNAL.test(member))
      .map((member) => wantedMember(face, member));
  });
  const exported = Object.entries(PACKAGES).flatMap(([folder, sections]) =>
    exportedBy(folder).map((name) => ({
      what: `${name}, exported by ${folder},`,
      sections,
      isMeant: (/** @type {string} */ span) => begins(span, name),
    })),
  );
  return [
    ...wantedFrom(read("docs/reference/options.md"), "the option"),
    ...wantedFrom(read("docs/reference/reasons.md"), "the reason"),
    ...members,
    ...exported,
  ];
}

/**
 * The names that a package exports, by whichever of its entry points.
 * @param {string} folder
 */
function exportedBy(folder) {
  const entries = JSON.parse(read(`${folder}/package.json`)).exports;
  // Entries for authors of hosts are no part of what applications know.
  const sources = Object.entries(entries)
    .filter(([key]) => key !== "./kit")
    .flatMap(([, entry]) => filesOf(entry["sockeye-source"]));
  return [...new Set(sources.flatMap((file) => exportsOf(posix.join(folder, file), read)))];
}

/**
 * @param {string | Record<string, string> | undefined} source of an entry, for all conditions
 * @returns {string[]}
 */
function filesOf(source) {
  if (source === undefined) return [];
  return typeof source === "string" ? [source] : Object.values(source);
}

/** @param {string} file */
function textOf(file) {
  return existsSync(join(root, file)) ? read(file) : null;
}

await runAsStep(import.meta.url, () => {
  const page = read(PAGE);
  const { rows } = readRows(page);
  const tests = new Set(rows.flatMap((row) => row.tests.map(({ file, title }) => file + title)));
  const wanted = wantedNames();
  const count = (/** @type {string} */ name) =>
    `${rows.filter(({ section }) => section === name).length} ${name}`;
  return {
    problems: checkCompatibility(page, textOf, wanted),
    summary: `${rows.length} rows (${SECTIONS.map(count).join(", ")}), ${tests.size} tests, ${wanted.length} names`,
  };
});
