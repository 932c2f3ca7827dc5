// Takes binary values out of data as they are, and leaves placeholders: for the face of Socket.IO's parser.
// The codec of our own turns them into bytes on the way; here an ArrayBuffer stays an ArrayBuffer.

import { MAX_SENT_DEPTH } from "./limits.ts";

function isBinary(value: object): boolean {
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return true;
  const tag = Object.prototype.toString.call(value);
  return tag === "[object Blob]" || tag === "[object File]";
}

/** One walk through the data of one packet. */
export class PlaceholderWalk {
  /** The binary values, in depth-first order. */
  readonly found: unknown[] = [];

  /**
   * The data with placeholders; the caller's own is left alone, and returned when there is nothing in it.
   * @throws TypeError when it is circular or nested too deeply
   */
  replaceIn(data: unknown): unknown {
    return this.#replace(data, 0);
  }

  #replace(value: unknown, depth: number): unknown {
    if (typeof value !== "object" || value === null || value instanceof Date) return value;
    if (depth > MAX_SENT_DEPTH) {
      throw new TypeError(`data is circular or nested deeper than ${MAX_SENT_DEPTH} levels`);
    }
    if (isBinary(value)) return { _placeholder: true, num: this.found.push(value) - 1 };
    const { toJSON } = value as { toJSON?: unknown };
    if (typeof toJSON !== "function") return this.#replaceInside(value, depth);
    const before = this.found.length;
    const replaced = this.#replace(toJSON.call(value), depth + 1);
    // Without binary inside, JSON.stringify asks toJSON itself.
    return this.found.length > before ? replaced : value;
  }

  #replaceInside(value: object, depth: number): unknown {
    const from = value as Record<string, unknown>;
    let copy: Record<string, unknown> | undefined;
    for (const key of Object.keys(from)) {
      const item = from[key];
      const replaced = this.#replace(item, depth + 1);
      if (replaced === item) continue;
      // Every key is an own property of the copy: even `__proto__` is then assigned as one.
      copy ??= (Array.isArray(value) ? value.slice() : { ...from }) as Record<string, unknown>;
      copy[key] = replaced;
    }
    return copy ?? value;
  }
}
