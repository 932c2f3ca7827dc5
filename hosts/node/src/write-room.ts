// Writes what consists of several parts. Long text is put into one buffer that is used again for the next socket:
// allocating 64 KiB costs ten times what copying them does. Where the operating system has not taken everything at
// once the buffer is left to the write.

import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { WirePart } from "./frame.ts";

const SMALLEST = 65_536;
const LARGEST = 262_144;

/** Room for what is being written. */
export class WriteRoom {
  #room: Buffer | null = null;

  /** Writes parts, `bytes` of them in all, as one; returns what the stream's `write` does. */
  write(socket: Duplex, parts: readonly WirePart[], bytes: number): boolean {
    // Other streams may keep what they are given for as long as they like.
    const isPlain: boolean = socket.constructor === Socket;
    const isFree = isPlain && bytes <= LARGEST && socket.writableLength === 0;
    if (isFree && parts.every((part) => typeof part === "string")) {
      return this.#writeText(socket, parts as readonly string[], bytes);
    }
    let isRoomLeft = true;
    socket.cork();
    for (const part of parts) {
      isRoomLeft = typeof part === "string" ? socket.write(part, "latin1") : socket.write(part);
    }
    socket.uncork();
    return isRoomLeft;
  }

  #writeText(socket: Duplex, parts: readonly string[], bytes: number): boolean {
    let room = this.#room;
    if (room === null || room.length < bytes) {
      room = Buffer.allocUnsafeSlow(Math.max(SMALLEST, bytes));
      this.#room = room;
    }
    let at = 0;
    for (const part of parts) at += room.write(part, at, "latin1");
    const isRoomLeft = socket.write(room.subarray(0, bytes));
    if (socket.writableLength > 0) this.#room = null;
    return isRoomLeft;
  }
}
