// Reads a V8 heap snapshot: its nodes by class, with the arrays that only serve an object counted to it.
// Knows the file's format and nothing of what the objects are.

import { readFileSync } from "node:fs";

/** Stores that belong to the object which points to them. */
const OWN_STORES = new Set(["elements", "properties", "table"]);
/** What counts as an object; the rest is bytes: strings, stores, numbers, compiled code. */
const OBJECTS = new Set(["object", "closure", "native", "regexp"]);
/** Classes of which it is worth knowing who holds them. */
const SAY_LITTLE = new Set([
  "Object",
  "Array",
  "Map",
  "Set",
  "function (anonymous)",
  "function native_bind",
  "system / Context",
]);

/**
 * @typedef {object} ClassSize
 * @property {number} count
 * @property {number} bytes
 * @property {boolean} isObject
 *
 * @typedef {Map<string, ClassSize>} ClassSizes
 */

/** The columns of one of the file's flat tables. */
class Columns {
  #names;

  /** @param {string[]} names */
  constructor(names) {
    this.#names = names;
  }

  get width() {
    return this.#names.length;
  }

  /** @param {string} name */
  at(name) {
    const index = this.#names.indexOf(name);
    if (index === -1) throw new Error(`the snapshot has no column "${name}"`);
    return index;
  }
}

/**
 * @param {string} type
 * @param {string} name
 */
function className(type, name) {
  switch (type) {
    case "object":
      return name;
    case "closure":
      return `function ${name === "" ? "(anonymous)" : name}`;
    case "native":
      return `native ${name}`;
    case "string":
    case "concatenated string":
    case "sliced string":
      return "(strings)";
    case "array":
    case "hidden":
    case "synthetic":
      return `(${type}) ${name.slice(0, 40)}`.trim();
    default:
      return `(${type})`;
  }
}

/** The file's tables, with names for their columns. */
class Graph {
  #file;
  #node;
  #edge;
  /** Owners of stores, by the position of the store. @type {Map<number, number>} */
  owners = new Map();
  /** The first edge that holds a node, by the node's position. @type {Map<number, { from: number, edge: number }>} */
  #holders = new Map();

  /** @param {string} path */
  constructor(path) {
    this.#file = JSON.parse(readFileSync(path, "utf8"));
    const { edge_fields, node_fields } = this.#file.snapshot.meta;
    this.#node = new Columns(node_fields);
    this.#edge = new Columns(edge_fields);
  }

  /** Positions of all nodes. */
  *positions() {
    for (let at = 0; at < this.#file.nodes.length; at += this.#node.width) yield at;
  }

  /** @param {number} at */
  kind(at) {
    const types = this.#file.snapshot.meta.node_types[0];
    return String(types[this.#file.nodes[at + this.#node.at("type")]]);
  }

  /** @param {number} at */
  name(at) {
    return String(this.#file.strings[this.#file.nodes[at + this.#node.at("name")]]);
  }

  /** @param {number} at */
  bytes(at) {
    return Number(this.#file.nodes[at + this.#node.at("self_size")]);
  }

  /** Walks over all edges once and keeps what is asked for later. */
  readEdges() {
    const { edges, nodes, snapshot } = this.#file;
    const types = snapshot.meta.edge_types[0];
    const [type, to] = [this.#edge.at("type"), this.#edge.at("to_node")];
    const count = this.#node.at("edge_count");
    let next = 0;
    for (const at of this.positions()) {
      const end = next + nodes[at + count] * this.#edge.width;
      for (; next < end; next += this.#edge.width) {
        const target = edges[next + to];
        const kind = types[edges[next + type]];
        if (kind === "internal" && this.#isOwnStore(next, target)) this.owners.set(target, at);
        const isHold = kind === "property" || kind === "element" || kind === "internal";
        if (isHold && !this.#holders.has(target))
          this.#holders.set(target, { from: at, edge: next });
      }
    }
  }

  /**
   * Where a node is held: the class of its first holder and the property's name.
   * @param {number} at
   */
  holder(at) {
    const found = this.#holders.get(at);
    if (found === undefined) return "";
    const { edges, snapshot, strings } = this.#file;
    const owner = this.owners.get(found.from) ?? found.from;
    const isNamed =
      snapshot.meta.edge_types[0][edges[found.edge + this.#edge.at("type")]] === "property";
    const label = edges[found.edge + this.#edge.at("name_or_index")];
    return `${this.name(owner)}${isNamed ? `.${strings[label]}` : "[]"}`;
  }

  /**
   * @param {number} edge
   * @param {number} target
   */
  #isOwnStore(edge, target) {
    const label = this.#file.strings[this.#file.edges[edge + this.#edge.at("name_or_index")]];
    return OWN_STORES.has(label) && ["array", "hidden"].includes(this.kind(target));
  }
}

/**
 * Sizes by class of all that was alive.
 * @param {string} file
 * @param {"with holders" | "plain"} [detail] with holders, classes that say little are told apart by who holds them
 * @returns {ClassSizes}
 */
export function readClassSizes(file, detail = "plain") {
  const graph = new Graph(file);
  graph.readEdges();
  /** @type {ClassSizes} */
  const sizes = new Map();
  for (const at of graph.positions()) {
    const owner = graph.owners.get(at);
    const of = owner ?? at;
    const kind = graph.kind(of);
    const plain = className(kind, graph.name(of));
    const isVague = detail === "with holders" && SAY_LITTLE.has(plain);
    const label = isVague ? `${plain} of ${graph.holder(of).slice(0, 60)}` : plain;
    const entry = sizes.get(label) ?? { count: 0, bytes: 0, isObject: OBJECTS.has(kind) };
    if (owner === undefined) entry.count++;
    entry.bytes += graph.bytes(at);
    sizes.set(label, entry);
  }
  return sizes;
}

/**
 * What came between two snapshots, by class, largest first.
 * @param {ClassSizes} before
 * @param {ClassSizes} after
 * @returns {{ name: string, count: number, bytes: number, isObject: boolean }[]}
 */
export function growth(before, after) {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names]
    .map((name) => {
      const old = before.get(name);
      const now = after.get(name);
      return {
        name,
        count: (now?.count ?? 0) - (old?.count ?? 0),
        bytes: (now?.bytes ?? 0) - (old?.bytes ?? 0),
        isObject: (now ?? old)?.isObject === true,
      };
    })
    .sort((a, b) => b.bytes - a.bytes);
}
