// Fails when a host holds more code than scripts/hosts.mjs allows, or code that stands in another host: what two hosts share belongs
// to packages/server or packages/hosting. Lists of imports and exports are names, and are not compared.

import { exceptions, MOST_EQUAL, MOST_LINES } from "./hosts.mjs";
import { read, repositoryFiles } from "./repository.mjs";
import { runAsStep } from "./step.mjs";

const SOURCES = /^hosts\/[^/]+\/src\/.*(?<!\.test|\.test-d)\.ts$/;

/** @typedef {{ at: number, text: string }} CodeLine `at` counts from one; `text` without indentation */

/**
 * The lines of a source text that are code. The formatter puts comments on lines of their own.
 * @param {string} source
 * @returns {CodeLine[]}
 */
export function codeLines(source) {
  const bare = source.replace(/^[ \t]*\/\*[\s\S]*?\*\//gm, (comment) =>
    comment.replace(/[^\n]/g, ""),
  );
  return bare
    .split("\n")
    .map((line, index) => ({ at: index + 1, text: line.trim() }))
    .filter(({ text }) => text !== "" && !text.startsWith("//"));
}

/**
 * Code without lists of names that are imported, or exported from elsewhere.
 * @param {CodeLine[]} lines
 */
function withoutLists(lines) {
  let isInList = false;
  return lines.filter(({ text }) => {
    if (/^(?:import\b|export (?:type )?[{*])/.test(text)) isInList = true;
    const isName = isInList;
    if (text.endsWith(";")) isInList = false;
    return !isName;
  });
}

/**
 * The complaints about hosts.
 * @param {Readonly<Record<string, string>>} sources texts by path
 * @returns {string[]}
 */
export function checkHosts(sources) {
  return [...tooLong(sources), ...repeated(sources)];
}

/** @param {string} file */
const hostOf = (file) => file.split("/").slice(0, 2).join("/");

/** @param {Readonly<Record<string, string>>} sources */
function tooLong(sources) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const [file, source] of Object.entries(sources)) {
    const host = hostOf(file);
    counts.set(host, (counts.get(host) ?? 0) + codeLines(source).length);
  }
  return [...counts].flatMap(([host, count]) => {
    const most = exceptions[host]?.lines ?? MOST_LINES;
    return count > most ? [`${host}: ${count} lines of code, at most ${most} allowed`] : [];
  });
}

/**
 * Runs of equal lines in two hosts: the first of each pair of files.
 * @param {Readonly<Record<string, string>>} sources
 */
function repeated(sources) {
  /** @type {Map<string, { host: string, place: string }>} */
  const seen = new Map();
  /** @type {Map<string, string>} */
  const found = new Map();
  for (const [file, source] of Object.entries(sources)) {
    const host = hostOf(file);
    const lines = withoutLists(codeLines(source));
    for (let from = 0; from + MOST_EQUAL < lines.length; from++) {
      const run = lines.slice(from, from + MOST_EQUAL + 1);
      const text = run.map((line) => line.text).join("\n");
      const place = `${file}:${run[0]?.at}`;
      const first = seen.get(text);
      if (first === undefined) seen.set(text, { host, place });
      else if (first.host !== host) {
        const pair = `${first.place.split(":")[0]} ${file}`;
        if (!found.has(pair)) found.set(pair, `${place}: stands at ${first.place} as well`);
      }
    }
  }
  return [...found.values()];
}

await runAsStep(import.meta.url, () => {
  const files = repositoryFiles(SOURCES);
  const sources = Object.fromEntries(files.map((file) => [file, read(file)]));
  return { problems: checkHosts(sources), summary: `${files.length} files of hosts` };
});
