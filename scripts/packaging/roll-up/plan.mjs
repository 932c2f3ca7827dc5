// Which declaration comes into which of the published files.

import { AUGMENTATION } from "./module.mjs";
import { byName, keyOf } from "./modules.mjs";

/** @typedef {import("./modules.mjs").Modules} Modules */
/** @typedef {import("./modules.mjs").Target} Target */
/** @typedef {import("./module.mjs").Statement} Statement */

/**
 * @typedef {object} Chunk a file to be published
 * @property {string} name
 * @property {{ file: string, statement: Statement }[]} statements
 * @property {string | undefined} entry the file whose exports it has
 * @property {Set<string>} declared
 * @property {Set<string>} others names that mean something else in its statements
 */

/** Which declaration comes into which file. */
export class Plan {
  modules;
  /** @type {Map<string, Chunk>} by name */
  chunks = new Map();
  /** @type {Map<string, string>} names of chunks by the key of a declaration */
  #places = new Map();
  /** @type {Set<string>} entries with two declarations of one name */
  #split = new Set();
  /** @type {Map<string, Set<string>>} entries that lead to a declaration, by its key */
  #reached = new Map();

  /**
   * @param {Modules} modules
   * @param {readonly string[]} entries
   */
  constructor(modules, entries) {
    this.modules = modules;
    /** @type {Map<string, Target>} in the order in which they are met */
    const met = new Map();
    for (const entry of entries) {
      this.#reachAugmentation(entry, entry, met);
      for (const name of [...modules.exportsOf(entry).names].sort(byName)) {
        const target = modules.exported(entry, name);
        if (target !== undefined) this.#reach(target, entry, met);
      }
    }
    do {
      this.chunks = new Map(entries.map((entry) => [entry, newChunk(entry, entry)]));
      this.#places.clear();
    } while (![...met.values()].every((target) => this.#place(target)));
  }

  /**
   * The chunk that has a declaration.
   * @param {Target} target
   */
  placeOf(target) {
    return this.#places.get(keyOf(target)) ?? "";
  }

  /**
   * The other chunks with what an entry adds to modules of others.
   * @param {string} entry
   * @returns {Set<string>}
   */
  augmentationsOf(entry) {
    const keys = [...this.#reached].flatMap(([key, entries]) => (entries.has(entry) ? [key] : []));
    const places = keys
      .filter((key) => key.endsWith(`\n${AUGMENTATION}`))
      .map((key) => this.#places.get(key) ?? "");
    return new Set(places.filter((place) => place !== entry));
  }

  /**
   * @param {Target} target
   * @param {string} entry
   * @param {Map<string, Target>} met
   */
  #reach(target, entry, met) {
    if (!target.isOurs) return;
    const key = keyOf(target);
    const entries = this.#reached.get(key) ?? new Set();
    if (entries.has(entry)) return;
    this.#reached.set(key, entries.add(entry));
    met.set(key, target);
    this.#reachAugmentation(target.file, entry, met);
    for (const { references } of this.modules.statementsOf(target)) {
      for (const { name } of references) {
        const next = this.modules.local(target.file, name);
        if (next !== undefined) this.#reach(next, entry, met);
      }
    }
  }

  /**
   * @param {string} file
   * @param {string} entry
   * @param {Map<string, Target>} met
   */
  #reachAugmentation(file, entry, met) {
    const target = { file, name: AUGMENTATION, isOurs: true, isType: false };
    if (this.modules.statementsOf(target).length > 0) this.#reach(target, entry, met);
  }

  /**
   * A declaration keeps its name, which is seen in messages of compilers; so it comes into a file where nothing else is called so.
   * Where an entry has two of one name, none of its declarations stay with it: they could not import from it what it does not export.
   * @param {Target} target
   * @returns {boolean} whether to go on; if not, it begins anew
   */
  #place(target) {
    const [entry = "", ...more] = this.#reached.get(keyOf(target)) ?? [];
    const statements = this.modules.statementsOf(target);
    const known = [...this.chunks.values()].find((chunk) =>
      chunk.statements.some(({ statement }) => statements.includes(statement)),
    );
    const isShared = more.length > 0 || this.#split.has(entry);
    const chunk = known ?? this.#chunkFor(target, isShared ? sharedName(1) : entry);
    this.#places.set(keyOf(target), chunk.name);
    if (known !== undefined) return true;
    if (!isShared && chunk.name !== entry) {
      this.#split.add(entry);
      return false;
    }
    const { file } = target;
    for (const statement of statements) {
      chunk.statements.push({ file, statement });
      for (const name of namesIn(statement)) chunk.declared.add(name);
      for (const name of this.modules.othersIn(file, statement)) chunk.others.add(name);
    }
    return true;
  }

  /**
   * @param {Target} target
   * @param {string} wanted
   * @returns {Chunk}
   */
  #chunkFor(target, wanted) {
    const statements = this.modules.statementsOf(target);
    const names = statements.flatMap(namesIn);
    const others = statements.flatMap((each) => this.modules.othersIn(target.file, each));
    let name = wanted;
    for (let count = 1; ; count++) {
      const chunk = this.chunks.get(name) ?? newChunk(name);
      this.chunks.set(name, chunk);
      const isTaken =
        names.some((each) => chunk.declared.has(each) || chunk.others.has(each)) ||
        others.some((each) => chunk.declared.has(each));
      if (!isTaken) return chunk;
      name = sharedName(count);
    }
  }
}

/**
 * The names that nothing else in a file may have.
 * @param {Statement} statement
 */
const namesIn = ({ names }) => names.filter((name) => name !== AUGMENTATION);

/** @param {number} count */
const sharedName = (count) => `types${count === 1 ? "" : `-${count}`}.d.ts`;

/**
 * @param {string} name
 * @param {string} [entry]
 * @returns {Chunk}
 */
function newChunk(name, entry) {
  return { name, entry, statements: [], declared: new Set(), others: new Set() };
}
