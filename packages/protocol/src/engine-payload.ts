// Several frames in one HTTP body: joined by the record separator, binary as base64.

import { frameToText } from "./engine-packet.ts";
import type { Frame } from "./frame.ts";

/** Separates the packets of a polling body: U+001E, which JSON never contains unescaped. */
export const RECORD_SEPARATOR = "\u001e";

/** Joins frames into a polling body. */
export function encodePayload(frames: readonly Frame[]): string {
  if (frames.length === 1) return frameToText(frames[0] as Frame);
  let body = "";
  for (let at = 0; at < frames.length; at++) {
    if (at > 0) body += RECORD_SEPARATOR;
    body += frameToText(frames[at] as Frame);
  }
  return body;
}

/**
 * Splits a polling body into text frames; each is decoded and validated separately. A broken packet therefore does not
 * discard the packets before it.
 */
export function splitPayload(body: string): string[] {
  return body.split(RECORD_SEPARATOR);
}
