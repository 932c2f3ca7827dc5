// Binary data inside JSON: taken out before encoding, put back after decoding.
// One walk does both the search and the copy; data without binary is never copied.

import type { Frame } from "./frame.ts";
import { MAX_DEPTH } from "./limits.ts";
import { ProtocolError } from "./protocol-error.ts";

/** What stands in the JSON where an attachment was. */
export interface Placeholder {
  readonly _placeholder: true;
  readonly num: number;
}

/** Whether a `Blob` may be sent: as it is (`"pass"`, browsers), or not at all (`"refuse"`). */
export type BlobPolicy = "pass" | "refuse";

function isBlob(value: object): boolean {
  const tag = Object.prototype.toString.call(value);
  return tag === "[object Blob]" || tag === "[object File]";
}

function asBinary(value: object, blobs: BlobPolicy): Frame | undefined {
  if (value instanceof Uint8Array) return value;
  if (ArrayBuffer.isView(value)) {
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  }
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (isBlob(value)) {
    if (blobs === "refuse") {
      throw new TypeError("a Blob cannot be sent from here: send `await blob.arrayBuffer()`");
    }
    // The transports of the browser client know that a Blob may stand here.
    return value as unknown as Uint8Array;
  }
  return undefined;
}

/** Takes the binary values of `data` out, in depth-first order, into `out`; returns `data` itself when there are none. */
export function extractAttachments(data: unknown, out: Frame[], blobs: BlobPolicy): unknown {
  return extract(data, out, blobs, 0);
}

function extract(value: unknown, out: Frame[], blobs: BlobPolicy, depth: number): unknown {
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  if (depth > MAX_DEPTH) {
    throw new TypeError(`data is circular or nested deeper than ${MAX_DEPTH} levels`);
  }
  const binary = asBinary(value, blobs);
  if (binary !== undefined) {
    out.push(binary);
    return { _placeholder: true, num: out.length - 1 } satisfies Placeholder;
  }
  if (Array.isArray(value)) {
    let copy: unknown[] | undefined;
    for (let at = 0; at < value.length; at++) {
      const item: unknown = value[at];
      if (typeof item !== "object" || item === null) continue;
      const replaced = extract(item, out, blobs, depth + 1);
      if (replaced !== item) {
        copy ??= value.slice();
        copy[at] = replaced;
      }
    }
    return copy ?? value;
  }
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON === "function") {
    const plain: unknown = toJSON.call(value);
    const found = out.length;
    const replaced = extract(plain, out, blobs, depth + 1);
    // Without binary inside, JSON.stringify calls toJSON itself.
    return out.length > found ? replaced : value;
  }
  return extractFromObject(value as Record<string, unknown>, out, blobs, depth);
}

function extractFromObject(
  value: Record<string, unknown>,
  out: Frame[],
  blobs: BlobPolicy,
  depth: number,
): unknown {
  let copy: Record<string, unknown> | undefined;
  for (const key of Object.keys(value)) {
    const item = value[key];
    if (typeof item !== "object" || item === null) continue;
    const replaced = extract(item, out, blobs, depth + 1);
    if (replaced !== item) {
      // The copy has every key already, so that even `__proto__` is assigned as a plain own property.
      copy ??= { ...value };
      copy[key] = replaced;
    }
  }
  return copy ?? value;
}

/**
 * Puts attachments back where their placeholders stand, in place.
 * @throws ProtocolError `PLACEHOLDER` when a placeholder names no attachment (CVE-2022-2421), `NESTING` when nested too deeply
 */
export function restoreAttachments(data: unknown, attachments: readonly Uint8Array[]): unknown {
  return restore(data, attachments, 0);
}

function restore(value: unknown, attachments: readonly Uint8Array[], depth: number): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (depth > MAX_DEPTH) throw new ProtocolError("NESTING", "data nested too deeply");
  const object = value as Record<string, unknown>;
  if (object._placeholder === true) {
    const { num } = object;
    const found =
      typeof num === "number" && Number.isInteger(num) && num >= 0 ? attachments[num] : undefined;
    if (found === undefined) throw new ProtocolError("PLACEHOLDER", "illegal attachments");
    return found;
  }
  for (const key of Object.keys(object)) {
    // The key is an own property already: this assigns, even for `__proto__`, and never reaches a setter.
    object[key] = restore(object[key], attachments, depth + 1);
  }
  return object;
}
