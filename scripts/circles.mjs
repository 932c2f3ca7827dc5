// Finds circles among the files of a package: a file that imports itself by way of others. Types count as well, since a
// reader has to follow them too. Knows imports only as pairs of paths.

/**
 * The circles of a graph: groups of files each of which reaches the others, and itself.
 * @param {ReadonlyMap<string, readonly string[]>} imports the files that each file imports
 * @returns {string[][]} each group sorted
 */
export function circlesOf(imports) {
  const search = new CircleSearch(imports);
  for (const file of imports.keys()) search.visit(file);
  return search.circles;
}

/** Tarjan's search for strongly connected components. */
class CircleSearch {
  /** @type {string[][]} */
  circles = [];
  #imports;
  /** @type {Map<string, number>} */
  #order = new Map();
  /** @type {Map<string, number>} */
  #lowest = new Map();
  /** @type {string[]} */
  #path = [];

  /** @param {ReadonlyMap<string, readonly string[]>} imports */
  constructor(imports) {
    this.#imports = imports;
  }

  /** @param {string} file */
  visit(file) {
    if (this.#order.has(file)) return;
    this.#order.set(file, this.#order.size);
    this.#lowest.set(file, this.#order.get(file) ?? 0);
    this.#path.push(file);
    for (const next of this.#imports.get(file) ?? []) this.#follow(file, next);
    if (this.#lowest.get(file) === this.#order.get(file)) this.#close(file);
  }

  /**
   * @param {string} file
   * @param {string} next
   */
  #follow(file, next) {
    const isNew = !this.#order.has(next);
    if (isNew) this.visit(next);
    if (!isNew && !this.#path.includes(next)) return;
    const reached = (isNew ? this.#lowest : this.#order).get(next) ?? 0;
    this.#lowest.set(file, Math.min(this.#lowest.get(file) ?? 0, reached));
  }

  /** @param {string} file */
  #close(file) {
    const group = this.#path.splice(this.#path.indexOf(file));
    const isCircle = group.length > 1 || this.#imports.get(file)?.includes(file) === true;
    if (isCircle) this.circles.push(group.sort());
  }
}
