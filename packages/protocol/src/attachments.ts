// Binary data inside JSON: taken out before encoding, put back after decoding.
// One walk does both the search and the copy; data without binary is never copied.

import { bytesIn } from "./bytes.ts";
import type { EncodingFault } from "./encoding-errors.ts";
import type { Frame } from "./frame.ts";
import { MAX_SENT_DEPTH } from "./limits.ts";
import { ProtocolError } from "./protocol-error.ts";

/** The placeholder of an attachment in the JSON. */
interface Placeholder {
  readonly _placeholder: true;
  readonly num: number;
}

/** Whether a `Blob` is passed on unchanged (`"pass"`, in browsers) or refused. */
export type BlobPolicy = "pass" | "refuse";

function isBlob(value: object): boolean {
  const tag = Object.prototype.toString.call(value);
  return tag === "[object Blob]" || tag === "[object File]";
}

function asBinary(value: object, blobs: BlobPolicy): Frame | undefined {
  const bytes = bytesIn(value);
  if (bytes !== undefined) return bytes;
  if (isBlob(value)) {
    if (blobs === "refuse") {
      throw new TypeError(
        "a Blob cannot be sent from here: send `await blob.arrayBuffer()`" satisfies EncodingFault,
      );
    }
    // The transports of the browser client accept a Blob in place of bytes.
    return value as unknown as Uint8Array;
  }
  return undefined;
}

/** The state of one extraction. */
export interface Extraction {
  readonly blobs: BlobPolicy;
  /** The binary values in depth-first order; `null` until one is found. */
  attachments: Frame[] | null;
}

/**
 * Replaces the binary values of `data` by placeholders and returns the result: `data` itself when there are none.
 * @throws TypeError when the data is circular or nested too deeply, or holds a Blob that may not be sent
 */
export function extractAttachments(data: unknown, into: Extraction): unknown {
  return extract(data, into, 0);
}

function extract(value: unknown, into: Extraction, depth: number): unknown {
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  if (depth > MAX_SENT_DEPTH) {
    throw new TypeError(
      `data is circular or nested deeper than ${MAX_SENT_DEPTH} levels` satisfies EncodingFault,
    );
  }
  const binary = asBinary(value, into.blobs);
  if (binary !== undefined) {
    into.attachments ??= [];
    const num = into.attachments.push(binary) - 1;
    return { _placeholder: true, num } satisfies Placeholder;
  }
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON !== "function") return extractFrom(value, into, depth);
  const plain: unknown = toJSON.call(value);
  const replaced =
    typeof plain !== "object" || plain === null || asBinary(plain, into.blobs) !== undefined
      ? extract(plain, into, depth)
      : extractFrom(plain, into, depth);
  // When nothing in it is replaced, JSON.stringify calls toJSON itself.
  return replaced === plain ? value : replaced;
}

/** As `extract`, for an element of an array or object whose `toJSON` has been applied already. */
function extractFrom(value: object, into: Extraction, depth: number): unknown {
  if (Array.isArray(value)) {
    let copy: unknown[] | undefined;
    for (let at = 0; at < value.length; at++) {
      const item: unknown = value[at];
      if (typeof item !== "object" || item === null) continue;
      const replaced = extract(item, into, depth + 1);
      if (replaced !== item) {
        copy ??= value.slice();
        copy[at] = replaced;
      }
    }
    return copy ?? value;
  }
  const object = value as Record<string, unknown>;
  let copy: Record<string, unknown> | undefined;
  // Relayed data may hold what looks like a placeholder. Receivers would put an attachment in its place, or close.
  if (object["_placeholder"] === true) copy = { ...object, _placeholder: false };
  for (const key of Object.keys(object)) {
    const item = object[key];
    if (typeof item !== "object" || item === null) continue;
    const replaced = extract(item, into, depth + 1);
    if (replaced !== item) {
      // The copy has every key already, so that even `__proto__` is assigned as a plain own property.
      copy ??= { ...object };
      copy[key] = replaced;
    }
  }
  return copy ?? value;
}

/**
 * Replaces placeholders by their attachments, in place, and removes each from the list. The data must not nest deeper
 * than the limit for received data.
 *
 * Each attachment is used once. If it were used several times, a relayed packet would have that many attachments:
 * receivers accept ten, and a packet of two megabytes could become one of gigabytes.
 * @throws ProtocolError `PLACEHOLDER` when a placeholder names no attachment (CVE-2022-2421), or one that has its place
 */
export function restoreAttachments(data: unknown, attachments: (Uint8Array | null)[]): unknown {
  if (typeof data !== "object" || data === null) return data;
  const object = data as Record<string, unknown>;
  if (object._placeholder === true) {
    const { num } = object;
    const found =
      typeof num === "number" && Number.isInteger(num) && num >= 0 ? attachments[num] : undefined;
    if (found == null) throw new ProtocolError("PLACEHOLDER", "illegal attachments");
    attachments[num as number] = null;
    return found;
  }
  for (const key of Object.keys(object)) {
    // The key is an own property already: this assigns, even for `__proto__`, and never reaches a setter.
    object[key] = restoreAttachments(object[key], attachments);
  }
  return object;
}
