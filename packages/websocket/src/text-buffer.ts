// Parts of text as bytes in one buffer: allocating 64 KiB for each socket costs ten times as much as copying it into a buffer
// that is used again.

import type { Bytes } from "./bytes.ts";
import {
  LongText,
  NARROW_HEADER,
  textHeader,
  WIDE,
  WIDE_HEADER,
  type WirePart,
} from "./frame-writer.ts";

/** The most bytes of one UTF-16 unit in UTF-8. */
const WIDEST_CHARACTER = 3;

/** A part that is text: of one byte for each character, or a frame whose text is encoded when it is written. */
export type TextPart = string | LongText;

/** How a runtime writes text into bytes at a position; both return how many bytes it takes. */
export interface TextPut<B extends Uint8Array> {
  /** One byte for each character. */
  latin1(buffer: B, text: string, at: number): number;
  utf8(buffer: B, text: string, at: number): number;
}

/** Whether a part is text. */
export function isTextPart(part: WirePart): part is TextPart {
  return typeof part === "string" || part instanceof LongText;
}

/** An upper bound of the bytes that the parts take; exact only when the cheap bound of one exceeds `largest`. */
export function mostBytes(
  parts: readonly TextPart[],
  largest: number,
  bytes: Pick<Bytes, "byteLength">,
): number {
  let most = 0;
  for (const part of parts) {
    if (typeof part === "string") most += part.length;
    else {
      const widest = WIDE_HEADER + WIDEST_CHARACTER * part.text.length;
      most += widest <= largest ? widest : WIDE_HEADER + bytes.byteLength(part.text);
    }
  }
  return most;
}

/** Writes the parts into a buffer that has room for them; returns how many bytes they take. */
export function putText<B extends Uint8Array>(
  buffer: B,
  parts: readonly TextPart[],
  put: TextPut<B>,
): number {
  let at = 0;
  for (const part of parts) {
    if (typeof part === "string") {
      at += put.latin1(buffer, part, at);
      continue;
    }
    const { text } = part;
    let head = text.length >= WIDE ? WIDE_HEADER : NARROW_HEADER;
    const count = put.utf8(buffer, text, at + head);
    if (head === NARROW_HEADER && count >= WIDE) {
      head = WIDE_HEADER;
      buffer.copyWithin(at + head, at + NARROW_HEADER, at + NARROW_HEADER + count);
    }
    put.latin1(buffer, textHeader(count), at);
    at += head + count;
  }
  return at;
}
