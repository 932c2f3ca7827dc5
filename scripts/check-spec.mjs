// Holds docs/spec and the tests together: every numbered rule (such as EN12) is named by the title
// of a test, and every rule that a title names exists. Knows titles and rule numbers, not meanings.

import { read, repositoryFiles } from "./repository.mjs";
import { runAsStep } from "./step.mjs";

const DEFINITION = /^\s*(?:[-*]\s+|#+\s+|\|\s*)?\*{0,2}([A-Z]{2,3}\d+)\b/gm;
const TITLE = /(?:["'`]|\btitle:\s*["'`])((?:[A-Z]{2,3}\d+(?:,\s*|\s+and\s+|\s*[–-]\s*|\s+)?)+)/g;
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
  const cited = tests.flatMap((test) => findAll(test, TITLE));
  const known = new Set(defined.map(({ id }) => id));
  const proved = new Set(cited.map(({ id }) => id));
  const families = new Set([...known].map(family));
  return [
    ...twice(defined),
    ...defined
      .filter(({ id }) => !proved.has(id))
      .map(({ id, file }) => `${file}: no test names ${id}`),
    // Other words in capitals with a number (ES2022, UTF8) are nobody's rules.
    ...cited
      .filter(({ id }) => families.has(family(id)) && !known.has(id))
      .map(({ id, file }) => `${file}: names ${id}, which no page of the spec defines`),
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
  const tests = repositoryFiles(/\.test\.ts$|^packages\/testkit\/src\/|^e2e\/.*\.ts$/).map(source);
  const problems = checkSpec(pages, tests);
  if (pages.length === 0) problems.push("docs/spec: no page found");
  return { problems, summary: `${pages.length} pages, ${tests.length} test files` };
});
