// The blocks of code of a guide: which are files of a project, which are programs, which only have to be valid. Runs none.

import { readFileSync } from "node:fs";
import { join } from "node:path";

const GUIDES = join(import.meta.dirname, "../../docs/site/guides");
const BLOCK = /^```(\w+)(?: ([^\n]*))?\n([\s\S]*?)^```$/gm;
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
function blocksOf(guide) {
  const page = readFileSync(join(GUIDES, `${guide}.md`), "utf8");
  return [...page.matchAll(BLOCK)].map(([, language = "", info = "", code = ""]) => ({
    language,
    info,
    code,
  }));
}

/**
 * The files that a guide makes a project of: blocks with `file=NAME`.
 * @param {string} guide
 * @returns {Record<string, string>} texts by name
 */
export function filesOf(guide) {
  const files = blocksOf(guide).map(({ code, info }) => [/^file=(\S+)/.exec(info)?.[1], code]);
  return Object.fromEntries(files.filter(([name]) => name !== undefined));
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
 * What is to be run of a guide: blocks with `run`; of a diff what comes out, with `run both` also what was before.
 * @param {string} guide
 * @returns {Program[]}
 */
export function programsOf(guide) {
  return blocksOf(guide)
    .filter(({ info }) => /^run\b/.test(info))
    .flatMap(({ code, info, language }, at) => {
      const title = `program ${at + 1}`;
      if (language !== "diff") return [program(title, code)];
      const after = program(`${title}, after`, sideOf(code, "+"));
      return info === "run both"
        ? [program(`${title}, before`, sideOf(code, "-")), after]
        : [after];
    });
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
