// The house's own rules about source files that no linter has. Each takes a file's path and text
// and returns its complaints; check-source.mjs reads the files.

const LONGEST = 400;
const BANNED_NAMES = /(^|\/)(utils?|helpers?|common|misc|types)\.[^/]+$/;
// A kit is what hosts of one runtime have in common.
const PORTABLE =
  /^packages\/(protocol|events|portable|adapter|engine|core|server|websocket)\/src\/(?!kit\/)/;
const PLATFORM =
  /\b(?:setTimeout|setInterval|setImmediate|nextTick|hrtime|Date\.now|performance\.now|Math\.random|getRandomValues|randomUUID|randomBytes)\b|\bnew Date\b(?=\(\)|(?!\())/g;
/**
 * Where a port is filled with what the platform has, because no host does it.
 * @type {Readonly<Record<string, { readonly name: string, readonly why: string }>>}
 */
const PORT_DEFAULTS = {
  "packages/portable/src/random-id.ts": {
    name: "getRandomValues",
    why: "the default of the port of random bytes: ids must not be guessed",
  },
  "packages/adapter/src/compat/messages.ts": {
    name: "getRandomValues",
    why: "names of servers in Socket.IO's wire form, which adapters of others make without a platform",
  },
  "packages/server/src/server.ts": {
    name: "Math.random",
    why: "the default of the port of draining: it spreads closings, and nothing else depends on it",
  },
};
const TEST = /\.(test|test-d|bench)\.ts$/;
const TESTING = /^(e2e|packages\/testkit)\/|\/(test|testing)\/.*\.(ts|mjs)$/;
const LONGEST_PAUSE_MS = 50;
const IN_PACKAGES =
  /^(packages\/(portable|protocol|events|adapter|engine|core|testkit|client)|hosts\/node|adapters\/\w+)\/src\//;
const RIDDLES =
  /\b(?:some|no|any|every)body\b|\b(?:who|what)ever\b|\bheeds?\b|\btells?\b|\btold\b|\blook(?:s|ed|ing)? (?:at|for|whether)\b|\broom (?:for|left)\b|\bfacts \d|\belse's\b|\b(?:some|no|any)one else\b/gi;

/**
 * @typedef {(file: string, text: string) => string[]} Rule
 * @type {Rule[]}
 */
export const rules = [
  fileLength,
  fileName,
  header,
  portableSources,
  sleeps,
  plainWords,
  machinePaths,
];

/** @type {Rule} */
export function fileLength(file, text) {
  if (!/\.(ts|mjs|js|css|html)$/.test(file)) return [];
  const lines = text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
  return lines > LONGEST ? [`${file}: ${lines} lines, at most ${LONGEST} allowed`] : [];
}

/** @type {Rule} */
export function fileName(file) {
  return BANNED_NAMES.test(file) ? [`${file}: name it after what it holds`] : [];
}

/** @type {Rule} */
export function header(file, text) {
  if (!/\.(ts|mjs|js)$/.test(file)) return [];
  const start = text.replace(/^#!.*\n/, "").trimStart();
  return /^(\/\/|\/\*)/.test(start) ? [] : [`${file}: must begin with a comment on what it is`];
}

/**
 * Portable code gets the time, its timers and chance from ports: only so can a simulation repeat what has happened.
 * Microtasks are no timers: they depend on nothing but the code.
 * @type {Rule}
 */
export function portableSources(file, text) {
  if (!PORTABLE.test(file) || TEST.test(file)) return [];
  const found = findInCode(text, PLATFORM);
  const allowed = PORT_DEFAULTS[file]?.name;
  const problems = found
    .filter(({ found: name }) => name !== allowed)
    .map(({ line, found: name }) => `${file}:${line}: portable code must not use ${name}`);
  if (allowed !== undefined && !found.some(({ found: name }) => name === allowed)) {
    problems.push(`${file}: ${allowed} is not used any more: remove it from PORT_DEFAULTS`);
  }
  return problems;
}

/** A test waits for what happens; a fixed pause needs a comment that says why. @type {Rule} */
export function sleeps(file, text) {
  if (!TEST.test(file) && !TESTING.test(file)) return [];
  const lines = text.split("\n");
  return findInCode(text, /\b(?:setTimeout|sleep|delay|pause)\(/g)
    .filter(({ end }) => longestNumber(text, end) >= LONGEST_PAUSE_MS)
    .filter(({ line }) => !isExplained(lines[line - 2] ?? "", lines[line - 1] ?? ""))
    .map(({ line }) => `${file}:${line}: wait for an event instead of a time, or say why not`);
}

/**
 * @param {string} before the line above
 * @param {string} line
 */
function isExplained(before, line) {
  return before.trim().startsWith("//") || line.includes(" // ");
}

/** Comments of the packages' sources use the terms of the glossary in CONTRIBUTING.md. @type {Rule} */
export function plainWords(file, text) {
  if (!IN_PACKAGES.test(file) || TEST.test(file)) return [];
  return commentsOf(text).flatMap(({ comment, start }) =>
    [...comment.matchAll(RIDDLES)].map(
      (match) =>
        `${file}:${lineAt(text, start + match.index)}: "${match[0]}" in a comment: name who or what it is`,
    ),
  );
}

/** @type {Rule} */
export function machinePaths(file, text) {
  const patterns =
    /(?<![\w.~-])\/(?:work|tmp|home|root|Users)\/\w|\bregistry\.[a-z]+|\bdeb\.debian\./g;
  return [...text.matchAll(patterns)].map(
    (match) => `${file}:${lineAt(text, match.index)}: names a machine's path or a registry's host`,
  );
}

const COMMENT = /\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm;

/** @param {string} text */
function commentsOf(text) {
  return [...text.matchAll(COMMENT)].map((match) => ({ comment: match[0], start: match.index }));
}

/**
 * @param {string} text
 * @param {RegExp} pattern global
 */
function findInCode(text, pattern) {
  // Comments become blanks of the same length, so that positions stay those of the file.
  const code = text.replace(COMMENT, (comment) => comment.replace(/[^\n]/g, " "));
  return [...code.matchAll(pattern)].map((match) => ({
    line: lineAt(text, match.index),
    found: match[0],
    end: match.index + match[0].length,
  }));
}

/**
 * @param {string} text
 * @param {number} index
 */
function lineAt(text, index) {
  return text.slice(0, index).split("\n").length;
}

/**
 * The greatest number literal among the direct arguments of the call whose parenthesis was opened
 * before `start`.
 * @param {string} text
 * @param {number} start
 */
function longestNumber(text, start) {
  let depth = 1;
  let direct = "";
  for (let at = start; at < text.length && depth > 0; at++) {
    const character = text.charAt(at);
    if ("([{".includes(character)) depth++;
    else if (")]}".includes(character)) depth--;
    else if (depth === 1) direct += character;
  }
  const numbers = direct.split(",").filter((argument) => /^\s*[\d_]+\s*$/.test(argument));
  return Math.max(0, ...numbers.map((argument) => Number(argument.replaceAll("_", ""))));
}
