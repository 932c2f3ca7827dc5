// The plain copy of an event's data that a store can keep: what would be sent, at the time when it was emitted.

import { isBinary } from "@sockeye/protocol";

/**
 * A copy with the members that JSON would send: `toJSON` has been called, bytes are copied, a Blob stays what it is,
 * because it cannot change. The data can be encoded, so they have no circles.
 * @throws TypeError for functions and symbols
 */
export function storable(value: unknown): unknown {
  if (typeof value === "function" || typeof value === "symbol") {
    const error = new TypeError(`cannot be stored: ${typeof value}`);
    throw Object.assign(error, { code: "ERR_OUTBOX_DATA" });
  }
  if (typeof value !== "object" || value === null) return value;
  if (isBinary(value)) return copyOfBytes(value);
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON === "function") return storable(toJSON.call(value));
  if (Array.isArray(value)) return value.map(storable);
  const copy: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(value)) {
    // As a plain assignment would not: a member named __proto__ stays a member.
    Object.defineProperty(copy, key, {
      value: storable(member),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return copy;
}

function copyOfBytes(value: object): object {
  // A view may show little of a large buffer.
  if (ArrayBuffer.isView(value)) {
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice();
  }
  return value instanceof ArrayBuffer ? value.slice(0) : value;
}
