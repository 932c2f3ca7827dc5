// WebSocket frames as the server writes them: unmasked, unfragmented, uncompressed (RFC 6455, 5.2).
// A short frame is one string in which each character is a byte, header and payload together: the cheapest form for
// runtimes that write strings, as Node does, and immutable. Hot path: no closure, one allocation per frame.

import type { Bytes } from "./bytes.ts";

const FIN_TEXT = 0x81;
const FIN_BINARY = 0x82;
const FINAL = 0x80;
const LENGTH_16 = 126;
const LENGTH_64 = 127;
/** Longer payloads are neither converted to strings nor joined with others. */
export const LONGEST_STRING = 16_384;

/** The headers of long frames: with a length of two bytes, and of eight. */
export const NARROW_HEADER = 4;
export const WIDE_HEADER = 10;
/** From this length on the length field has eight bytes. */
export const WIDE = 65_536;

/**
 * A long text frame. Its bytes are counted when they are written: counting them before costs more than writing them.
 */
export class LongText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** A lower bound of the size in bytes, including the header; exact for ASCII. */
  get length(): number {
    const { length } = this.text;
    return length + (length < WIDE ? NARROW_HEADER : WIDE_HEADER);
  }
}

/** A part of a frame: bytes, a string in which each character is a byte, or a long text frame. */
export type WirePart = string | Uint8Array | LongText;

/** A frame in wire form: a string, or a list of parts. */
export class WireFrame {
  /** Size on the wire; for long text a lower bound: the size is at most three times that. */
  readonly bytes: number;
  readonly text: string | null;
  readonly parts: readonly WirePart[];

  constructor(text: string | null, parts: readonly WirePart[]) {
    this.text = text;
    this.parts = parts;
    let bytes = text === null ? 0 : text.length;
    for (const part of parts) bytes += part.length;
    this.bytes = bytes;
  }
}

/** The header of a text frame with that many bytes, one character for each byte. */
export function textHeader(length: number): string {
  return header(FIN_TEXT, length);
}

/** The header of a binary frame with that many bytes. */
export function binaryHeader(length: number): string {
  return header(FIN_BINARY, length);
}

function header(first: number, length: number): string {
  if (length < LENGTH_16) return String.fromCharCode(first, length);
  if (length < WIDE) {
    return String.fromCharCode(first, LENGTH_16, length >>> 8, length & 0xff);
  }
  const high = Math.floor(length / 2 ** 32);
  return String.fromCharCode(
    ...[first, LENGTH_64, 0, 0, high >>> 8, high & 0xff],
    ...[(length >>> 24) & 0xff, (length >>> 16) & 0xff, (length >>> 8) & 0xff, length & 0xff],
  );
}

/** Converts frames to wire form with a runtime's operations. */
export class FrameWriter<B extends Uint8Array = Uint8Array> {
  readonly #bytes: Bytes<B>;

  constructor(bytes: Bytes<B>) {
    this.#bytes = bytes;
  }

  /** A frame that is written once. */
  write(frame: string | Uint8Array): WireFrame {
    if (typeof frame !== "string") return this.#ofBytes(FIN_BINARY, frame);
    const { length } = frame;
    if (length > LONGEST_STRING) return new WireFrame(null, [new LongText(frame)]);
    if (this.#bytes.byteLength(frame) !== length) {
      return this.#ofBytes(FIN_TEXT, this.#bytes.encode(frame));
    }
    return new WireFrame(header(FIN_TEXT, length) + frame, []);
  }

  /** A frame that is written many times: long text is encoded once. */
  share(frame: string | Uint8Array): WireFrame {
    return typeof frame === "string" && frame.length > LONGEST_STRING
      ? this.#ofBytes(FIN_TEXT, this.#bytes.encode(frame))
      : this.write(frame);
  }

  /** A control frame as a string, one character for each byte; at most 125 bytes of payload. */
  control(opcode: number, payload: Uint8Array): string {
    const { length } = payload;
    return String.fromCharCode(FINAL | opcode, length) + this.#bytes.latin1(payload, 0, length);
  }

  #ofBytes(first: number, payload: Uint8Array): WireFrame {
    const { length } = payload;
    const head = header(first, length);
    if (length > LONGEST_STRING) return new WireFrame(null, [head, payload]);
    return new WireFrame(head + this.#bytes.latin1(payload, 0, length), []);
  }
}
