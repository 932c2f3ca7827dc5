// Writes frames that consist of several parts. Long text is encoded into one buffer that is reused for the next socket:
// allocating 64 KiB costs ten times as much as copying it. When the operating system has not accepted everything at
// once, the buffer is left to the pending write.

import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import {
  LongText,
  NARROW_HEADER,
  textHeader,
  WIDE,
  WIDE_HEADER,
  type WirePart,
} from "@sockeye/websocket";

const SMALLEST = 65_536;
const LARGEST = 262_144;
/** The most bytes of one UTF-16 unit in UTF-8. */
const WIDEST_CHARACTER = 3;

type TextPart = string | LongText;

function isText(part: WirePart): part is TextPart {
  return typeof part === "string" || part instanceof LongText;
}

/** An upper bound of the bytes that the parts take; exact only when the cheap bound exceeds the largest buffer. */
function mostBytes(parts: readonly TextPart[]): number {
  let most = 0;
  for (const part of parts) {
    if (typeof part === "string") most += part.length;
    else {
      const widest = WIDE_HEADER + WIDEST_CHARACTER * part.text.length;
      most += widest <= LARGEST ? widest : WIDE_HEADER + Buffer.byteLength(part.text);
    }
  }
  return most;
}

/** Writes a text frame at `at`; returns where it ends. */
function putLongText(buffer: Buffer, text: string, at: number): number {
  let head = text.length >= WIDE ? WIDE_HEADER : NARROW_HEADER;
  const count = buffer.write(text, at + head, "utf8");
  if (head === NARROW_HEADER && count >= WIDE) {
    head = WIDE_HEADER;
    buffer.copyWithin(at + head, at + NARROW_HEADER, at + NARROW_HEADER + count);
  }
  buffer.write(textHeader(count), at, "latin1");
  return at + head + count;
}

function writePart(socket: Duplex, part: WirePart): boolean {
  if (typeof part === "string") return socket.write(part, "latin1");
  if (part instanceof Uint8Array) return socket.write(part);
  // As bytes: the stream counts a string by its characters, and this one may wait for a slow client.
  const bytes = Buffer.from(part.text);
  socket.write(textHeader(bytes.length), "latin1");
  return socket.write(bytes);
}

/** The shared buffer for writing. */
export class WriteBuffer {
  #buffer: Buffer | null = null;

  /** Writes the parts at once; returns the result of the stream's `write`. */
  write(socket: Duplex, parts: readonly WirePart[]): boolean {
    // Other streams may keep a reference to the written bytes.
    const isPlain: boolean = socket.constructor === Socket;
    if (isPlain && socket.writableLength === 0 && parts.every(isText)) {
      const most = mostBytes(parts);
      if (most <= LARGEST) return this.#writeText(socket, parts, most);
    }
    let isAccepting = true;
    socket.cork();
    for (const part of parts) isAccepting = writePart(socket, part);
    socket.uncork();
    return isAccepting;
  }

  #writeText(socket: Duplex, parts: readonly TextPart[], most: number): boolean {
    let buffer = this.#buffer;
    if (buffer === null || buffer.length < most) {
      buffer = Buffer.allocUnsafeSlow(Math.max(SMALLEST, most));
      this.#buffer = buffer;
    }
    let at = 0;
    for (const part of parts) {
      if (typeof part === "string") at += buffer.write(part, at, "latin1");
      else at = putLongText(buffer, part.text, at);
    }
    const isAccepting = socket.write(buffer.subarray(0, at));
    if (socket.writableLength > 0) this.#buffer = null;
    return isAccepting;
  }
}
