// Writes one of the published files: the declarations as they were, but for the names under which others are imported.

import { posix } from "node:path";
import { Links, Names } from "./links.mjs";
import { byName } from "./modules.mjs";

/** @typedef {import("./modules.mjs").Target} Target */
/** @typedef {import("./module.mjs").Reference} Reference */
/** @typedef {import("./module.mjs").Statement} Statement */
/** @typedef {import("./plan.mjs").Chunk} Chunk */
/** @typedef {import("./plan.mjs").Plan} Plan */

/** Writes one file. */
export class Printer {
  #chunk;
  #plan;
  #names;
  #imports = new Links("import");
  #exports = new Links("export");

  /**
   * @param {Chunk} chunk
   * @param {Plan} plan
   */
  constructor(chunk, plan) {
    this.#chunk = chunk;
    this.#plan = plan;
    this.#names = new Names([...chunk.declared, ...chunk.others]);
  }

  /** @returns {string} */
  print() {
    const bodies = this.#chunk.statements.map(({ file, statement }) => {
      const { text } = this.#plan.modules.of(file);
      return this.#statement(file, statement, text);
    });
    const { entry } = this.#chunk;
    const stars = entry === undefined ? this.#exportAll() : this.#exportEntry(entry);
    const effects = entry === undefined ? [] : [...this.#plan.augmentationsOf(entry)];
    const lines = [
      ...effects.map((place) => `import "${this.#pathTo(place)}";`),
      ...this.#imports.lines,
      ...bodies,
      ...this.#exports.lines,
      ...stars,
    ];
    return lines.length === 0 ? "export {};\n" : `${lines.join("\n")}\n`;
  }

  /**
   * @param {string} file
   * @param {Statement} statement
   * @param {string} text
   */
  #statement(file, { start, end, comment, references }, text) {
    let printed = "";
    let last = start;
    for (const each of references.toSorted((a, b) => a.start - b.start)) {
      printed += text.slice(last, each.start) + this.#nameOf(file, each);
      last = each.end;
    }
    printed += text.slice(last, end);
    const declared = /^(interface|type|declare)\b/.test(printed) ? printed : `declare ${printed}`;
    return comment === "" ? declared : `${comment}\n${declared}`;
  }

  /**
   * @param {string} file
   * @param {Reference} reference
   */
  #nameOf(file, { name, hidden }) {
    const target = this.#plan.modules.local(file, name);
    if (target === undefined) return name;
    const place = this.#placeOf(target);
    const hasName = target.name !== "default" && target.name !== "*";
    const given = place === "" ? target.name : this.#names.of(target, hasName ? target.name : name);
    if (hidden.has(given)) {
      throw new Error(`${file}: ${given} means something else where ${name} is used`);
    }
    if (place !== "") {
      this.#imports.add(place, { name: target.name, as: given, isType: target.isType });
    }
    return given;
  }

  /** Of a file that others take all from. */
  #exportAll() {
    for (const name of this.#chunk.declared) {
      this.#exports.add("", { name, as: name, isType: false });
    }
    return [];
  }

  /** @param {string} entry */
  #exportEntry(entry) {
    const { modules } = this.#plan;
    const { names, stars } = modules.exportsOf(entry);
    for (const as of [...names].sort(byName)) {
      const target = modules.exported(entry, as);
      if (target === undefined) continue;
      this.#exports.add(this.#placeOf(target), {
        name: target.name,
        as,
        isType: target.isType,
      });
    }
    return [...stars].map(([from, isType]) => `export ${isType ? "type " : ""}* from "${from}";`);
  }

  /**
   * Where something is imported from; empty: it is here.
   * @param {Target} target
   */
  #placeOf(target) {
    if (!target.isOurs) return target.file;
    const place = this.#plan.placeOf(target);
    return place === this.#chunk.name ? "" : this.#pathTo(place);
  }

  /** @param {string} place */
  #pathTo(place) {
    const path = posix.relative(posix.dirname(this.#chunk.name), place.replace(/\.d\.ts$/, ".js"));
    return path.startsWith(".") ? path : `./${path}`;
  }
}
