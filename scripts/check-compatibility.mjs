// Holds docs/compatibility, the tests and the packages together: every row has a test or states a
// difference, every test that is named exists, and every option, reason and public member has a row.
// Knows what the rows say, not whether it is true: that is the tests' business.

import { existsSync } from "node:fs";
import { join, posix } from "node:path";
import { FOLDER, hasTitle, problemsOf, readData, spansOf, testOf } from "./compatibility-rows.mjs";
import { FACES } from "./public-faces.mjs";
import { exportsOf, membersOf } from "./public-names.mjs";
import { read, root } from "./repository.mjs";
import { runAsStep } from "./step.mjs";

/** Each of them asks for a sentence in the guide to migration: a longer list would be read by few. */
const MOST_DIFFERENCES = 51;
const TEST_FILE =
  /\.test(?:-d)?\.ts$|^packages\/testkit\/src\/(?:(?:black-box\/)?cases|cluster)\/|^e2e\/.*\.ts$/;

// Between the parts of the library: public for the compiler only, and nothing for applications.
const INTERNAL =
  /^(?:on(?!Any)[A-Z]\w*|own|screen|raise\w*|receivedBytes|attachFor|reportFlushes|whenSent)$/;

/** Packages for applications, and the sections in which their names may stand. */
const PACKAGES = { "hosts/node": ["Server", "Types"], "packages/client": ["Client", "Types"] };

/**
 * Something that must have a row.
 * @typedef {{ what: string, sections: string[], isMeant: (span: string, area: string) => boolean }} Wanted
 */

/**
 * The complaints about the data.
 * @param {import("./compatibility-rows.mjs").Data} data
 * @param {(file: string) => string | null} textOf the text of a file, or null when there is none
 * @param {Wanted[]} wanted
 * @returns {string[]}
 */
export function checkCompatibility(data, textOf, wanted) {
  const { differences, sections } = data;
  const misshapen = problemsOf(data);
  if (misshapen.length > 0) return misshapen;
  const empty = sections.filter(({ areas }) => areas.every(({ rows }) => rows.length === 0));
  const count = differences.flatMap(({ rows }) => rows).length;
  return [
    ...empty.map(({ section }) => `${section}: no rows`),
    ...(count > MOST_DIFFERENCES
      ? [`${count} differences at a glance, at most ${MOST_DIFFERENCES} allowed`]
      : []),
    ...placedRows(sections).flatMap(({ row, section, area }) =>
      [...checkVerdict(row), ...checkTests(row, textOf)].map(
        (problem) => `${section}, ${area}: ${row.item}: ${problem}`,
      ),
    ),
    ...checkWanted(sections, wanted),
  ];
}

/** @param {import("./compatibility-rows.mjs").Section[]} sections */
function placedRows(sections) {
  return sections.flatMap(({ section, areas }) =>
    areas.flatMap(({ title, rows }) => rows.map((row) => ({ row, section, area: title }))),
  );
}

/** @param {import("./compatibility-rows.mjs").Row} row */
function checkVerdict({ verdict, note, tests = [] }) {
  if (verdict === "same") return tests.length === 0 ? ["neither a test nor a difference"] : [];
  return note === undefined ? [`"${verdict}" without a note on how`] : [];
}

/**
 * @param {import("./compatibility-rows.mjs").Row} row
 * @param {(file: string) => string | null} textOf
 */
function checkTests({ tests = [] }, textOf) {
  return tests.flatMap((test) => {
    const named = testOf(test);
    if (named === undefined) return [`"${test}" is no file › title`];
    const { file, title } = named;
    if (!TEST_FILE.test(file)) return [`${file} is no test file`];
    const text = textOf(file);
    if (text === null) return [`${file} does not exist`];
    return hasTitle(text, title) ? [] : [`${file} has no test "${title}"`];
  });
}

/**
 * @param {import("./compatibility-rows.mjs").Section[]} all
 * @param {Wanted[]} wanted
 */
function checkWanted(all, wanted) {
  const spans = placedRows(all).flatMap(({ row, section, area }) =>
    spansOf(row.item).map((span) => ({ section, area, span })),
  );
  return wanted
    .filter(
      ({ sections, isMeant }) =>
        !spans.some(({ section, area, span }) => sections.includes(section) && isMeant(span, area)),
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
    isMeant: (span, area) =>
      begins(span, `${subject}.${member}`) || (begins(span, member) && heading.test(area)),
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
  const data = readData();
  const rows = placedRows(data.sections);
  const tests = new Set(rows.flatMap(({ row }) => row.tests ?? []));
  const wanted = wantedNames();
  const counts = data.sections.map(
    ({ section }) => `${rows.filter((placed) => placed.section === section).length} ${section}`,
  );
  return {
    problems: checkCompatibility(data, textOf, wanted).map((problem) => `${FOLDER}: ${problem}`),
    summary: `${rows.length} rows (${counts.join(", ")}), ${tests.size} tests, ${wanted.length} names`,
  };
});
