// What a packed package may hold: what its package.json leads to, with types; a README and the licence; nothing else.
// Knows files as texts by their paths, and no file system.

import { posix } from "node:path";

/**
 * @typedef {object} Contents
 * @property {Record<string, unknown>} manifest
 * @property {ReadonlyMap<string, string>} files texts by path, package.json among them
 */

/** @typedef {string | null | { [condition: string]: Target }} Target */

const ALWAYS = ["package.json", "README.md", "LICENSE"];
/** Only this repository's tests know it; it leads to sources, which are not published. */
const SOURCE = "sockeye-source";
/** What a server hands to pages by name, what it fetches, its maps, and declarations for compilers that look beside a file. */
const SERVED = /^(dist|client-dist)\/socket\.io(\.\w+)*\.(js|js\.map|d\.ts)$/;
const CODE = /\.m?js$/;
const DECLARATION = /\.d\.m?ts$/;
const FOLLOWED = /\.(m?js|d\.m?ts)$/;
const RELATIVE = /(["'])(\.{1,2}\/[^"'\s]+)\1/g;

/** What is refused whatever leads to it. @type {[RegExp, string][]} */
const REFUSED = [
  [/\.(test|test-d|bench)\.|(^|\/)(test|testing|__tests__)\//, "a test"],
  [/(^|\/)src\/|(?<!\.d)\.m?ts$/, "a source"],
  [/\.d\.m?ts\.map$/, "the map of a declaration, without the source"],
  [/\.tsbuildinfo|\.tgz$|\.log$|(^|\/)\.|(^|\/)node_modules\//, "a stray file"],
];

/**
 * The complaints about what is in a package.
 * @param {Contents} contents
 * @returns {string[]}
 */
export function checkContents({ manifest, files }) {
  const name = String(manifest["name"]);
  const missing = ALWAYS.filter((file) => !files.has(file)).map((file) => `${file} is missing`);
  const refused = [...files.keys()].flatMap((file) => {
    const kind = REFUSED.find(([pattern]) => pattern.test(file))?.[1];
    return kind === undefined ? [] : [`must not be published: ${file} (${kind})`];
  });
  const { named, problems } = namedFiles(manifest, files);
  const reached = reachedFrom([...ALWAYS, ...named], files);
  const strays = [...files.keys()]
    .filter((file) => !reached.has(file) && !SERVED.test(file))
    .map((file) => `nothing leads to ${file}`);
  return [...missing, ...refused, ...problems, ...strays].map((problem) => `${name}: ${problem}`);
}

/**
 * The files that the package.json and those of the folders for older tools name.
 * @param {Contents["manifest"]} manifest
 * @param {Contents["files"]} files
 */
function namedFiles(manifest, files) {
  /** @type {string[]} */
  const problems = [];
  const named = new Set(mainFiles(manifest, "."));
  const exported = /** @type {Record<string, Target>} */ (manifest["exports"] ?? {});
  for (const [key, target] of Object.entries(exported)) {
    const { found, untyped } = leaves(target, false);
    problems.push(...untyped.map((file) => `"exports" has no types for ${key} (${file})`));
    for (const file of found.flatMap((path) => matching(path, files))) named.add(file);
  }
  for (const [file, text] of files) {
    if (!file.endsWith("/package.json")) continue;
    named.add(file);
    for (const other of mainFiles(JSON.parse(text), posix.dirname(file))) named.add(other);
  }
  const absent = [...named].filter((file) => !files.has(file));
  problems.push(...absent.map((file) => `package.json leads to ${file}, which is not there`));
  return { named: [...named], problems };
}

/**
 * @param {Record<string, unknown>} manifest
 * @param {string} folder
 */
function mainFiles({ main, module, types, browser, bin }, folder) {
  const inBrowsers = typeof browser === "object" ? Object.entries(browser ?? {}).flat() : [browser];
  const commands = typeof bin === "object" ? Object.values(bin ?? {}) : [bin];
  return [main, module, types, ...commands, ...inBrowsers]
    .filter((path) => typeof path === "string")
    .map((path) => posix.join(folder, path));
}

/**
 * The files at the ends of an export's conditions, and those of code that have no types on the way.
 * @param {Target} target
 * @param {boolean} isTyped whether a condition above names types
 * @returns {{ found: string[], untyped: string[] }}
 */
function leaves(target, isTyped) {
  if (target === null) return { found: [], untyped: [] };
  if (typeof target === "string") {
    const file = posix.normalize(target);
    return { found: [file], untyped: CODE.test(file) && !isTyped ? [file] : [] };
  }
  const inner = Object.entries(target)
    .filter(([condition]) => condition !== SOURCE)
    .map(([, next]) => leaves(next, isTyped || "types" in target));
  return {
    found: inner.flatMap(({ found }) => found),
    untyped: inner.flatMap(({ untyped }) => untyped),
  };
}

/**
 * The files that a path with a `*` stands for; a path without one itself.
 * @param {string} path
 * @param {Contents["files"]} files
 */
function matching(path, files) {
  const [before = "", after] = path.split("*");
  if (after === undefined) return [path];
  const found = [...files.keys()].filter((file) => file.startsWith(before) && file.endsWith(after));
  return found.length === 0 ? [path] : found;
}

/**
 * Everything that is reached from files by relative paths in their texts.
 * @param {string[]} first
 * @param {Contents["files"]} files
 */
function reachedFrom(first, files) {
  /** @type {Set<string>} */
  const reached = new Set();
  const left = [...first];
  for (let file = left.pop(); file !== undefined; file = left.pop()) {
    if (reached.has(file) || !files.has(file)) continue;
    reached.add(file);
    if (!FOLLOWED.test(file)) continue;
    const folder = posix.dirname(file);
    for (const [, , path = ""] of (files.get(file) ?? "").matchAll(RELATIVE)) {
      const target = posix.join(folder, path);
      left.push(DECLARATION.test(file) ? declarationOf(target) : target);
    }
    // Not named by anything: Node asks the nearest one what a file is.
    left.push(posix.join(folder, "package.json"));
  }
  return reached;
}

/** @param {string} file of code, as declarations name it */
function declarationOf(file) {
  return file.replace(/\.(m?)js$/, ".d.$1ts");
}
