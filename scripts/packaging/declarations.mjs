// The declarations that are published: those of the compiler, as CommonJS, and for each entry a declaration of the ES
// module that hands out the same. So there is one set of types for both, and a class is the same class for both.
//
// They are written for compilers from TypeScript 5.4 on, which do not know everything that ours writes.

import { readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { rollUp } from "./roll-up/index.mjs";

const RELATIVE = /(["'])(\.{1,2}\/[^"']+)\.(ts|js)\1/g;
/** An export for `require` alone: types know it as all the others together. */
const WHOLE = /,?\s*\b[\w$]+ as "module\.exports"/g;
const EMPTY_EXPORT = /^export \{\s*\} from .*\n/gm;
const SOURCE_MAP = /^\/\/# sourceMappingURL=.*\n?/m;
/** Byte arrays have had a type parameter since TypeScript 5.7. */
const BYTES = /\bUint8Array<ArrayBuffer>/g;
const DEFAULT = /\b(?<name>[\w$]+) as default\b/;

/**
 * A declaration file for older compilers and either kind of module.
 * @param {string} text as the compiler has written it
 */
function portableDeclaration(text) {
  return text
    .replace(SOURCE_MAP, "")
    .replace(WHOLE, "")
    .replace(EMPTY_EXPORT, "")
    .replace(BYTES, "Uint8Array")
    .replace(RELATIVE, "$1$2.js$1");
}

/**
 * The declarations that entries need, in few files, each with its text.
 * @param {string} folder where the compiler has written them
 * @param {string[]} entries file names without ending, relative to the folder
 * @returns {Map<string, string>} texts by file name relative to the folder, `index.d.ts`
 */
export function declarationsOf(folder, entries) {
  /** @type {Map<string, string>} */
  const found = new Map();
  /** @param {string} file without its ending */
  const add = (file) => {
    const name = `${file}.d.ts`;
    if (found.has(name)) return;
    const text = portableDeclaration(readFileSync(join(folder, name), "utf8"));
    found.set(name, text);
    for (const match of text.matchAll(RELATIVE))
      add(posix.join(posix.dirname(file), match[2] ?? ""));
  };
  entries.forEach(add);
  return rollUp(
    found,
    entries.map((entry) => `${entry}.d.ts`),
  );
}

/**
 * The declaration of the ES module of an entry.
 * @param {string} name of the CommonJS module in the same folder, `index.js`
 * @param {string} declaration of the CommonJS module
 */
export function moduleDeclaration(name, declaration) {
  const lines = [`export * from "./${name}";`];
  const local = DEFAULT.exec(declaration)?.groups?.name;
  if (local !== undefined) lines.push(`export { ${local} as default } from "./${name}";`);
  return `${lines.join("\n")}\n`;
}
