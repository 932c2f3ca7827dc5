// A frame for many receivers on a runtime that frames by itself and takes whole buffers at the least cost.

import type { Frame, PreparedFrame } from "@sockeye/engine";

/** The bytes of a frame in a buffer of their own. */
export class WholeFrame implements PreparedFrame {
  readonly data: ArrayBuffer;
  readonly isBinary: boolean;

  /** `encode`: the UTF-8 of a text. */
  constructor(frame: Frame, encode: (text: string) => Uint8Array) {
    this.isBinary = typeof frame !== "string";
    const { buffer, byteOffset, length } =
      typeof frame === "string" ? encode(frame) : new Uint8Array(frame);
    // Short ones are parts of a larger buffer.
    this.data =
      buffer.byteLength === length && buffer instanceof ArrayBuffer
        ? buffer
        : (buffer.slice(byteOffset, byteOffset + length) as ArrayBuffer);
  }

  get bytes(): number {
    return this.data.byteLength;
  }
}
