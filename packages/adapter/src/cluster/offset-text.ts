// The text of an offset, which clients keep and name when they come back; and how a packet that is encoded once, before the
// log has given it an offset, gets the offset in the end: it is encoded with a mark of the same length in its place.

import type { Encoded, Frame } from "@sockeye/protocol";
import type { LogPoint } from "./log.ts";

// 36^11 is more than the greatest whole number.
const DIGITS = 11;
const FORM = /^([\w-]{1,16})\.([0-9a-z]{11})$/;

/** The text of a position. All texts of one epoch have the same length. */
export function offsetText({ epoch, offset }: LogPoint): string {
  return `${epoch}.${offset.toString(36).padStart(DIGITS, "0")}`;
}

/** The position in a text; `null` when there is none. */
export function parseOffset(text: string): LogPoint | null {
  const [, epoch, digits] = FORM.exec(text) ?? [];
  if (epoch === undefined || digits === undefined) return null;
  const offset = Number.parseInt(digits, 36);
  return Number.isSafeInteger(offset) ? { epoch, offset } : null;
}

/** A text as long as the offsets of an epoch, which is none of them. */
export function markOf(epoch: string): string {
  return "@offset".padEnd(epoch.length + 1 + DIGITS, "@");
}

const encoder = new TextEncoder();

/**
 * Replaces the last mark in an encoded packet; `null` when there is none, or it has another length and the packet is not
 * text. The offset is the last argument, so that nothing of the application that looks like a mark is behind it.
 */
export function stamped(encoded: Encoded, mark: string, offset: string): Encoded | null {
  if (typeof encoded === "string") return inText(encoded, mark, offset);
  if (encoded instanceof Uint8Array) return inBytes(encoded, mark, offset);
  const frames = encoded as readonly Frame[];
  for (const [index, frame] of frames.entries()) {
    const found =
      typeof frame === "string" ? inText(frame, mark, offset) : inBytes(frame, mark, offset);
    if (found !== null) return replaced(frames, index, found);
  }
  return null;
}

function replaced(frames: readonly Frame[], index: number, frame: Frame): readonly Frame[] {
  const copy = [...frames];
  copy[index] = frame;
  return copy;
}

function inText(frame: string, mark: string, offset: string): string | null {
  const at = frame.lastIndexOf(mark);
  return at < 0 ? null : frame.slice(0, at) + offset + frame.slice(at + mark.length);
}

function inBytes(frame: Uint8Array, mark: string, offset: string): Uint8Array | null {
  if (mark.length !== offset.length) return null;
  const wanted = encoder.encode(mark);
  for (let at = frame.byteLength - wanted.byteLength; at >= 0; at--) {
    if (!wanted.every((byte, index) => frame[at + index] === byte)) continue;
    const copy = frame.slice();
    copy.set(encoder.encode(offset), at);
    return copy;
  }
  return null;
}
