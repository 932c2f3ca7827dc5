// Holds pages of the documentation and their code together: code in TypeScript or JavaScript stands in files, which are
// compiled, and pages include them. Fails when a page has such code of its own, when it includes what is not there, and
// when a file of `docs/site/snippets` is shown by no page. Knows no page by name.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { read, repositoryFiles, root } from "./repository.mjs";
import { runAsStep } from "./step.mjs";

const SNIPPETS = "docs/site/snippets/";
const PAGES = /^docs\/(site\/.*|[^/]+)\.md$/;
const FENCE = /^[ \t]*```(ts|js|tsx|jsx|typescript|javascript|mjs|cjs|vue|svelte)\b.*$/gm;
const INCLUDE = /^[ \t]*<<< @\/(\S+?)(?:#([\w-]+))?(?:\{[^}]*\})?(?: \[[^\]]*\])?$/gm;
/** Of the snippets' projects, or read by those that are shown. */
const SUPPORT = /\/(package(-lock)?\.json|\.npmrc|tsconfig[\w.]*\.json|globals\.d\.ts)$/;

/**
 * A file that a page includes, and the region of it.
 * @typedef {{ page: string, file: string, region: string | undefined }} Inclusion
 */

/**
 * The files that a page includes.
 * @param {string} page its path
 * @param {string} text
 * @returns {Inclusion[]}
 */
export function inclusionsOf(page, text) {
  return [...text.matchAll(INCLUDE)].map(([, path = "", region]) => ({
    page,
    file: join("docs", path),
    region,
  }));
}

/**
 * The complaints about a page's own code.
 * @param {string} page its path
 * @param {string} text
 * @returns {string[]}
 */
export function ownCodeOf(page, text) {
  return [...text.matchAll(FENCE)].map(({ 1: language, index }) => {
    const line = text.slice(0, index).split("\n").length;
    return `${page}:${line}: ${language} stands in the page; put it into a file of ${SNIPPETS}, and include that`;
  });
}

/**
 * The complaint about an inclusion, if there is one.
 * @param {Inclusion} inclusion
 * @param {(file: string) => string | undefined} textOf a file; undefined when there is none
 * @returns {string[]}
 */
export function brokenInclusion({ page, file, region }, textOf) {
  const text = textOf(file);
  if (text === undefined) return [`${page}: includes ${file}, which is not there`];
  if (region === undefined || new RegExp(`#region ${region}\\s*(-->|\\*/)?$`, "m").test(text))
    return [];
  return [`${page}: includes the region ${region} of ${file}, which is not there`];
}

await runAsStep(import.meta.url, () => {
  const pages = repositoryFiles(PAGES);
  const inclusions = pages.flatMap((page) => inclusionsOf(page, read(page)));
  const shown = new Set(inclusions.map(({ file }) => file));
  const textOf = (/** @type {string} */ file) =>
    existsSync(join(root, file)) ? read(file) : undefined;
  const files = repositoryFiles(new RegExp(`^${SNIPPETS}`)).filter((file) => !SUPPORT.test(file));
  return {
    problems: [
      ...pages.flatMap((page) => ownCodeOf(page, read(page))),
      ...inclusions.flatMap((inclusion) => brokenInclusion(inclusion, textOf)),
      ...files.filter((file) => !shown.has(file)).map((file) => `${file}: shown by no page`),
    ],
    summary: `${shown.size} files in ${pages.length} pages`,
  };
});
