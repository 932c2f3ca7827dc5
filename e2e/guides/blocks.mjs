// The blocks of code of a guide: which are files of a project, which are programs, which only have to be valid. Runs none.

import { readFileSync } from "node:fs";
import { join } from "node:path";

const GUIDES = join(import.meta.dirname, "../../docs/site/guides");
const SNIPPETS = join(import.meta.dirname, "../../docs/site/snippets");
const BLOCK = /^```(\w+)(?: ([^\n]*))?\n([\s\S]*?)^```$/gm;
/** A file that a page shows: whole, or a region of it. */
const INCLUDED = /^<<< @\/site\/snippets\/([^\s/]+)\/([^\s#{]+)(#\w+)?/gm;
/** What a program prints, behind the call that prints it. */
const PRINTED = /console\.log\(.*\);? \/\/ (.*)$/gm;

/**
 * @typedef {object} Block
 * @property {string} language
 * @property {string} info what stands behind the language
 * @property {string} code
 *
 * @typedef {object} Program
 * @property {string} title
 * @property {string} code
 * @property {string[]} prints
 */

/** @param {string} guide the name of its file without the ending */
const pageOf = (guide) => readFileSync(join(GUIDES, `${guide}.md`), "utf8");

/** @param {string} guide */
function blocksOf(guide) {
  return [...pageOf(guide).matchAll(BLOCK)].map(([, language = "", info = "", code = ""]) => ({
    language,
    info,
    code,
  }));
}

/**
 * The files that a guide makes a project of: those that it shows whole.
 * @param {string} guide
 * @returns {Record<string, string>} texts by name
 */
export function filesOf(guide) {
  const names = [...pageOf(guide).matchAll(INCLUDED)]
    .filter(([, folder, , region]) => folder === guide && region === undefined)
    .map(([, , name = ""]) => name);
  return Object.fromEntries(names.map((name) => [name, snippet(guide, name)]));
}

/**
 * A file that pages show.
 * @param {string} folder
 * @param {string} name
 */
function snippet(folder, name) {
  return readFileSync(join(SNIPPETS, folder, name), "utf8");
}

/**
 * The part of a file that a page shows.
 * @param {string} folder
 * @param {string} name
 * @returns {string}
 */
export function shownOf(folder, name) {
  const text = snippet(folder, name);
  const [, shown] = /^\/\/ #region shown\n([\s\S]*?)^\/\/ #endregion shown$/m.exec(text) ?? [];
  return shown ?? text;
}

/**
 * One side of a diff.
 * @param {string} code
 * @param {"+" | "-"} sign of the lines that are in no other
 */
function sideOf(code, sign) {
  const lines = code
    .split("\n")
    .filter((line) => line === "" || line[0] === " " || line[0] === sign);
  return lines.map((line) => line.slice(1)).join("\n");
}

/** @param {string} title @param {string} code */
function program(title, code) {
  return { title, code, prints: [...code.matchAll(PRINTED)].map(([, text = ""]) => text) };
}

/**
 * What is to be run of a guide: files, and diffs with `run`; of a diff what comes out, with `run both` also what was before.
 * @param {string} guide
 * @returns {Program[]}
 */
export function programsOf(guide) {
  const files = Object.entries(filesOf(guide));
  const whole = files.map(([name, code]) => program(name, code));
  const changes = blocksOf(guide)
    .filter(({ info }) => /^run\b/.test(info))
    .flatMap(({ code, info, language }, at) => {
      const title = `program ${at + 1}`;
      if (language !== "diff") return [program(title, code)];
      const after = program(`${title}, after`, sideOf(code, "+"));
      return info === "run both"
        ? [program(`${title}, before`, sideOf(code, "-")), after]
        : [after];
    });
  return [...whole, ...changes];
}

/**
 * What only has to be valid: the result of every other diff.
 * @param {string} guide
 * @returns {string[]}
 */
export function fragmentsOf(guide) {
  return blocksOf(guide)
    .filter(({ info, language }) => language === "diff" && info === "")
    .map(({ code }) => sideOf(code, "+"));
}
