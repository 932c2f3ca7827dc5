// Replaces binary values in data by placeholders and returns them unchanged, for the API of `socket.io-parser`. The
// library's own codec converts them to bytes; here an ArrayBuffer stays an ArrayBuffer.

import type { EncodingFault } from "./encoding-errors.ts";
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
   * The data with placeholders; the caller's data is not changed, and is returned when it has no binary value.
   * @throws TypeError when it is circular or nested too deeply
   */
  replaceIn(data: unknown): unknown {
    return this.#replace(data, 0);
  }

  #replace(value: unknown, depth: number): unknown {
    if (typeof value !== "object" || value === null || value instanceof Date) return value;
    if (depth > MAX_SENT_DEPTH) {
      throw new TypeError(
        `data is circular or nested deeper than ${MAX_SENT_DEPTH} levels` satisfies EncodingFault,
      );
    }
    if (isBinary(value)) return { _placeholder: true, num: this.found.push(value) - 1 };
    const { toJSON } = value as { toJSON?: unknown };
    if (typeof toJSON !== "function") return this.#replaceInside(value, depth);
    const before = this.found.length;
    const replaced = this.#replace(toJSON.call(value), depth + 1);
    // Without binary inside, JSON.stringify calls toJSON.
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
