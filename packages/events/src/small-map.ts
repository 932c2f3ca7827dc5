// A map for objects that exist in great numbers and have few keys: up to eight keys are stored in one array, which
// takes a third of the memory of a Map and is searched as fast. Beyond that it becomes a Map.

const MOST = 8;

/** Values by key, in the order in which keys were first set. Keys are compared with `===`. */
export class SmallMap<K, V> {
  /** Key, value, key, value … */
  #kept: (K | V)[] | Map<K, V> = [];

  get(key: K): V | undefined {
    const kept = this.#kept;
    if (!Array.isArray(kept)) return kept.get(key);
    for (let at = 0; at < kept.length; at += 2) {
      if (kept[at] === key) return kept[at + 1] as V;
    }
    return undefined;
  }

  set(key: K, value: V): void {
    const kept = this.#kept;
    if (!Array.isArray(kept)) {
      kept.set(key, value);
      return;
    }
    for (let at = 0; at < kept.length; at += 2) {
      if (kept[at] === key) {
        kept[at + 1] = value;
        return;
      }
    }
    // A new array has exactly the needed capacity; `push` would reserve more.
    if (kept.length < 2 * MOST) this.#kept = kept.concat([key, value]);
    else this.#kept = new Map([...this.#pairs(), [key, value]]);
  }

  delete(key: K): void {
    const kept = this.#kept;
    if (!Array.isArray(kept)) {
      kept.delete(key);
      return;
    }
    for (let at = 0; at < kept.length; at += 2) {
      if (kept[at] === key) {
        kept.splice(at, 2);
        return;
      }
    }
  }

  keys(): K[] {
    return this.#pairs().map(([key]) => key);
  }

  #pairs(): [K, V][] {
    const kept = this.#kept;
    if (!Array.isArray(kept)) return [...kept];
    const pairs: [K, V][] = [];
    for (let at = 0; at < kept.length; at += 2) pairs.push([kept[at] as K, kept[at + 1] as V]);
    return pairs;
  }
}
