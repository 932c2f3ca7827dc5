// Holds docs/spec and the tests together: every numbered rule (such as EN12) is named by the title
// of a test, and every rule that a title names exists. Knows titles and rule numbers, not meanings.

import { read, repositoryFiles } from "./repository.mjs";
import { runAsStep } from "./step.mjs";

const TESTS = /^(packages|hosts|adapters)\/.*\.test\.ts$|^(packages\/testkit|e2e)\/.*\.ts$/;
const DEFINITION = /^\s*(?:[-*]\s+|#+\s+|\|\s*)?\*{0,2}([A-Z]{2,3}\d+)\b/gm;
// The rules that a text in quotes begins with: EN1, "EN1, EN2", "EN1 and EN2".
const RULES = String.raw`["'\`]([A-Z]{2,3}\d+(?:(?:,\s*|\s+and\s+)[A-Z]{2,3}\d+)*)\b`;
const TITLE = new RegExp(String.raw`(?:\b(?:it|test|describe)[\w.]*|\))\(\s*${RULES}`, "g");
const TEXT = new RegExp(RULES, "g");
const NUMBER = /[A-Z]{2,3}\d+/g;

/**
 * @typedef {{ file: string, text: string }} Source
 */

/**
 * The complaints about a set of spec pages and a set of test files.
 * @param {Source[]} pages
 * @param {Source[]} tests
 * @returns {string[]}
 */
export function checkSpec(pages, tests) {
  const defined = pages.flatMap((page) => findAll(page, DEFINITION));
  const cited = tests.flatMap((test) => findAll(test, TEXT));
  const titles = tests.flatMap((test) => findAll(test, TITLE));
  const known = new Set(defined.map(({ id }) => id));
  const proved = new Set(cited.map(({ id }) => id));
  const families = new Set([...known].map(family));
  // Conformance cases and rows of tables hold their titles as mere texts; among those, other words
  // in capitals with a number (ES2022) are nobody's rules.
  const meant = [...titles, ...cited.filter(({ id }) => families.has(family(id)))];
  const unknown = meant.filter(({ id }) => !known.has(id));
  return [
    ...twice(defined),
    ...defined
      .filter(({ id }) => !proved.has(id))
      .map(({ id, file }) => `${file}: no test names ${id}`),
    ...new Set(
      unknown.map(({ id, file }) => `${file}: names ${id}, which the spec does not define`),
    ),
  ];
}

/**
 * @param {Source} source
 * @param {RegExp} pattern
 */
function findAll({ file, text }, pattern) {
  return [...text.matchAll(pattern)].flatMap((match) =>
    [...(match[1] ?? "").matchAll(NUMBER)].map(([id]) => ({ file, id })),
  );
}

/** @param {{ file: string, id: string }[]} defined */
function twice(defined) {
  const seen = new Set();
  return defined.flatMap(({ file, id }) => {
    if (seen.has(id)) return [`${file}: defines ${id} a second time`];
    seen.add(id);
    return [];
  });
}

/** @param {string} id */
function family(id) {
  return id.replace(/\d+$/, "");
}

/** @param {string} file */
function source(file) {
  return { file, text: read(file) };
}

await runAsStep(import.meta.url, () => {
  const pages = repositoryFiles(/^docs\/spec\/.*\.md$/).map(source);
  const tests = repositoryFiles(TESTS).map(source);
  const problems = checkSpec(pages, tests);
  if (pages.length === 0) problems.push("docs/spec: no page found");
  return { problems, summary: `${pages.length} pages, ${tests.length} test files` };
});
