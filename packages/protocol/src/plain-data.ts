// A quick check before encoding: most data could be a result of JSON.parse, and needs no search for binary. Not used in
// browsers, to keep their bundles small.

import { MAX_SENT_DEPTH } from "./limits.ts";

/**
 * Whether `data` holds nothing but plain objects, arrays and primitive values, so that JSON.stringify says it all.
 * `false` means that it may hold anything: binary, a `toJSON` method, a cycle.
 */
export function isPlainData(data: readonly unknown[]): boolean {
  for (let at = 0; at < data.length; at++) {
    const item = data[at];
    if (typeof item === "object" && item !== null && !isPlain(item, 1)) return false;
  }
  return true;
}

// Hot path: called for every object of every message. `for in` needs no list of keys.
function isPlain(value: object, depth: number): boolean {
  if (depth > MAX_SENT_DEPTH || (value as { toJSON?: unknown }).toJSON !== undefined) return false;
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at++) {
      const item: unknown = value[at];
      if (typeof item === "object" && item !== null && !isPlain(item, depth + 1)) return false;
    }
    return true;
  }
  const object = value as Readonly<Record<string, unknown>>;
  // Cheaper than the prototype, for which V8 calls out where objects have many shapes. What inherits from a plain
  // object passes too, and JSON.stringify says all of that; binary and instances of classes have constructors of their
  // own.
  if (object["constructor"] !== Object) return false;
  for (const key in object) {
    const item = object[key];
    if (typeof item === "object" && item !== null && !isPlain(item, depth + 1)) return false;
  }
  return true;
}
