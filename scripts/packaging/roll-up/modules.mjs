// The declaration files of a package as the compiler has written them, and what names mean in them.

import { posix } from "node:path";
import { readDeclaration } from "./module.mjs";

/** @typedef {import("./module.mjs").DeclarationModule} DeclarationModule */
/** @typedef {import("./module.mjs").Statement} Statement */

/**
 * What a name stands for in the end: a declaration of a file of the package, or a name of another package.
 * @typedef {{ file: string, name: string, isOurs: boolean, isType: boolean }} Target
 */

/**
 * Compares names, in the same way on every machine.
 * @param {string} a
 * @param {string} b
 */
export const byName = (a, b) => (a < b ? -1 : Number(a > b));

/** @param {string} from */
const isRelative = (from) => from.startsWith(".");

/**
 * @param {Target} target
 * @returns {string}
 */
export const keyOf = ({ file, name }) => `${file}\n${name}`;

/** The files as they were, and what names mean in them. */
export class Modules {
  /** @type {Map<string, DeclarationModule>} */
  #all;

  /** @param {ReadonlyMap<string, string>} texts */
  constructor(texts) {
    this.#all = new Map([...texts].map(([file, text]) => [file, readDeclaration(file, text)]));
  }

  /**
   * @param {string} file
   * @returns {DeclarationModule}
   */
  of(file) {
    const found = this.#all.get(file);
    if (found === undefined) throw new Error(`${file} is missing`);
    return found;
  }

  /**
   * @param {string} file
   * @param {string} from
   */
  path(file, from) {
    return posix.join(posix.dirname(file), from.replace(/\.js$/, ".d.ts"));
  }

  /**
   * The statements that declare something.
   * @param {Target} target
   */
  statementsOf({ file, name }) {
    return this.of(file).statements.filter(({ names }) => names.includes(name));
  }

  /**
   * The names that mean something else in a statement than what the package declares: those of the platform, and type parameters and
   * the like that hide what is used there.
   * @param {string} file
   * @param {Statement} statement
   * @returns {string[]}
   */
  othersIn(file, { references }) {
    return references.flatMap(({ name, hidden }) => {
      const target = this.local(file, name);
      if (target === undefined) return [name];
      return hidden.has(target.name) ? [target.name] : [];
    });
  }

  /**
   * What a name means inside of a file.
   * @param {string} file
   * @param {string} name
   * @returns {Target | undefined} undefined for a global one
   */
  local(file, name) {
    const module = this.of(file);
    if (module.statements.some(({ names }) => names.includes(name))) {
      return { file, name, isOurs: true, isType: false };
    }
    const source = module.imports.get(name);
    return source && this.#follow(file, source);
  }

  /**
   * What a file exports under a name.
   * @param {string} file
   * @param {string} name
   * @returns {Target | undefined}
   */
  exported(file, name) {
    const module = this.of(file);
    const own = module.exports.get(name);
    if (own !== undefined) {
      const target = "from" in own ? this.#follow(file, own) : this.local(file, own.local);
      if (target === undefined) throw new Error(`${file} exports ${name}, which is nothing`);
      return { ...target, isType: target.isType || own.isType };
    }
    for (const { from, isType } of module.stars.filter(({ from }) => isRelative(from))) {
      const found = this.exported(this.path(file, from), name);
      if (found !== undefined) return { ...found, isType: found.isType || isType };
    }
    return undefined;
  }

  /**
   * All that a file exports: names, and the packages that it hands out as a whole.
   * @param {string} file
   * @returns {{ names: Set<string>, stars: Map<string, boolean> }} `stars`: whether only types
   */
  exportsOf(file) {
    const module = this.of(file);
    const names = new Set(module.exports.keys());
    const stars = new Map();
    for (const { from, isType } of module.stars) {
      if (!isRelative(from)) {
        stars.set(from, isType);
        continue;
      }
      const other = this.exportsOf(this.path(file, from));
      for (const name of other.names) if (name !== "default") names.add(name);
      for (const [each, isEachType] of other.stars) stars.set(each, isType || isEachType);
    }
    return { names, stars };
  }

  /**
   * @param {string} file
   * @param {import("./module.mjs").Source} source
   * @returns {Target}
   */
  #follow(file, { from, name, isType }) {
    if (!isRelative(from)) return { file: from, name, isOurs: false, isType };
    if (name === "*") throw new Error(`${file}: not known how to import all of ${from}`);
    const found = this.exported(this.path(file, from), name);
    if (found === undefined) throw new Error(`${file}: ${from} has no ${name}`);
    return { ...found, isType: found.isType || isType };
  }
}
