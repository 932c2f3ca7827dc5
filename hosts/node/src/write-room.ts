// Writes what consists of several parts. Long text is put into one buffer that is used again for the next socket:
// allocating 64 KiB costs ten times what copying them does. Where the operating system has not taken everything at
// once the buffer is left to the write.

import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { LongText, NARROW_HEADER, textHeader, WIDE, WIDE_HEADER, type WirePart } from "./frame.ts";

const SMALLEST = 65_536;
const LARGEST = 262_144;
/** No character of a string takes more in UTF-8. */
const WIDEST_CHARACTER = 3;

type TextPart = string | LongText;

function isText(part: WirePart): part is TextPart {
  return typeof part === "string" || part instanceof LongText;
}

/** How much room parts need at most; exact only where the cheap answer is more than there may be. */
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
function putLongText(room: Buffer, text: string, at: number): number {
  let head = text.length >= WIDE ? WIDE_HEADER : NARROW_HEADER;
  const count = room.write(text, at + head, "utf8");
  if (head === NARROW_HEADER && count >= WIDE) {
    head = WIDE_HEADER;
    room.copyWithin(at + head, at + NARROW_HEADER, at + NARROW_HEADER + count);
  }
  room.write(textHeader(count), at, "latin1");
  return at + head + count;
}

function writePart(socket: Duplex, part: WirePart): boolean {
  if (typeof part === "string") return socket.write(part, "latin1");
  if (part instanceof Uint8Array) return socket.write(part);
  // As bytes: the stream counts a string by its characters, and this one may wait for a slow peer.
  const bytes = Buffer.from(part.text);
  socket.write(textHeader(bytes.length), "latin1");
  return socket.write(bytes);
}

/** Room for what is being written. */
export class WriteRoom {
  #room: Buffer | null = null;

  /** Writes parts as one; returns what the stream's `write` does. */
  write(socket: Duplex, parts: readonly WirePart[]): boolean {
    // Other streams may keep what they are given for as long as they like.
    const isPlain: boolean = socket.constructor === Socket;
    if (isPlain && socket.writableLength === 0 && parts.every(isText)) {
      const most = mostBytes(parts);
      if (most <= LARGEST) return this.#writeText(socket, parts, most);
    }
    let isRoomLeft = true;
    socket.cork();
    for (const part of parts) isRoomLeft = writePart(socket, part);
    socket.uncork();
    return isRoomLeft;
  }

  #writeText(socket: Duplex, parts: readonly TextPart[], most: number): boolean {
    let room = this.#room;
    if (room === null || room.length < most) {
      room = Buffer.allocUnsafeSlow(Math.max(SMALLEST, most));
      this.#room = room;
    }
    let at = 0;
    for (const part of parts) {
      if (typeof part === "string") at += room.write(part, at, "latin1");
      else at = putLongText(room, part.text, at);
    }
    const isRoomLeft = socket.write(room.subarray(0, at));
    if (socket.writableLength > 0) this.#room = null;
    return isRoomLeft;
  }
}
