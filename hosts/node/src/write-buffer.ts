// Writes frames that consist of several parts. Text is encoded into one buffer that is reused for the next socket. When the
// operating system has not accepted everything at once, the buffer is left to the pending write.

import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import {
  isTextPart,
  mostBytes,
  putText,
  type TextPart,
  type TextPut,
  textHeader,
  type WirePart,
} from "@sockeye/websocket";
import { nodeBytes } from "./bytes.ts";

const SMALLEST = 65_536;
const LARGEST = 262_144;

const put: TextPut<Buffer> = {
  latin1: (buffer, text, at) => buffer.write(text, at, "latin1"),
  utf8: (buffer, text, at) => buffer.write(text, at, "utf8"),
};

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
    if (isPlain && socket.writableLength === 0 && parts.every(isTextPart)) {
      const most = mostBytes(parts, LARGEST, nodeBytes);
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
    const isAccepting = socket.write(buffer.subarray(0, putText(buffer, parts, put)));
    if (socket.writableLength > 0) this.#buffer = null;
    return isAccepting;
  }
}
