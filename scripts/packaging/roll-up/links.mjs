// What a published file imports and exports, and the names by which it does.

import { keyOf } from "./modules.mjs";

/** @typedef {import("./modules.mjs").Target} Target */

/** The names of a file, each given to one thing. */
export class Names {
  /** @type {Map<string, string>} names by the key of what they stand for */
  #given = new Map();
  /** @type {Set<string>} */
  #taken;

  /** @param {Iterable<string>} taken names that mean something already */
  constructor(taken) {
    this.#taken = new Set(taken);
  }

  /**
   * @param {Target} target
   * @param {string} wanted
   */
  of(target, wanted) {
    const known = this.#given.get(keyOf(target));
    if (known !== undefined) return known;
    let name = wanted;
    for (let count = 1; this.#taken.has(name); count++) name = `${wanted}_${count}`;
    this.#taken.add(name);
    this.#given.set(keyOf(target), name);
    return name;
  }
}

/** Statements that import, or hand out, names of other files. */
export class Links {
  #word;
  /** @type {Map<string, Map<string, boolean>>} by file, what stands between the braces, and whether only types are meant */
  #all = new Map();

  /** @param {"import" | "export"} word */
  constructor(word) {
    this.#word = word;
  }

  /**
   * @param {string} from
   * @param {{ name: string, as: string, isType: boolean }} link
   */
  add(from, { name, as, isType }) {
    const links = this.#all.get(from) ?? new Map();
    this.#all.set(from, links);
    const text = name === as ? name : `${name} as ${as}`;
    links.set(text, isType && links.get(text) !== false);
  }

  /** @returns {string[]} */
  get lines() {
    return [...this.#all].flatMap(([from, links]) => {
      const source = from === "" ? "" : ` from "${from}"`;
      const line = (/** @type {string} */ what, /** @type {boolean} */ isType) =>
        `${this.#word} ${isType ? "type " : ""}${what}${source};`;
      const whole = [...links].filter(([text]) => text.startsWith("* "));
      const lists = [true, false].flatMap((isType) => {
        const named = [...links].filter(
          ([text, isThis]) => isThis === isType && !text.startsWith("* "),
        );
        const list = named.map(([text]) => text).join(", ");
        return list === "" ? [] : [line(`{ ${list} }`, isType)];
      });
      return [...whole.map(([text, isType]) => line(text, isType)), ...lists];
    });
  }
}
