// WebSocket frames as the server writes them: unmasked, unfragmented, uncompressed (RFC 6455, 5.2).
// A frame of ASCII text is one latin1 string, header and payload together: the cheapest thing Node can write.
// Hot path: no closure, one allocation per frame.

import type { Frame, Framer, PreparedFrame } from "@sockeye/engine";

const FIN_TEXT = 0x81;
const FIN_BINARY = 0x82;
const FINAL = 0x80;
const LENGTH_16 = 126;
const LENGTH_64 = 127;
// Longer text is cheaper to write as bytes than as a string.
const LONGEST_STRING = 16_384;
// Longer payloads are written beside their header rather than copied behind it.
const LONGEST_COPY = 4096;

/** A frame in wire form: a latin1 string, or pieces that follow each other. */
export class WireFrame implements PreparedFrame {
  readonly bytes: number;
  readonly text: string | null;
  readonly pieces: readonly Uint8Array[];

  constructor(text: string | null, pieces: readonly Uint8Array[]) {
    this.text = text;
    this.pieces = pieces;
    let bytes = text === null ? 0 : text.length;
    for (const piece of pieces) bytes += piece.length;
    this.bytes = bytes;
  }
}

function header(opcode: number, length: number): Buffer {
  if (length < LENGTH_16) return Buffer.from([opcode, length]);
  if (length < 65_536) return Buffer.from([opcode, LENGTH_16, length >>> 8, length & 0xff]);
  const bytes = Buffer.alloc(10);
  bytes[0] = opcode;
  bytes[1] = LENGTH_64;
  bytes.writeUIntBE(length, 4, 6);
  return bytes;
}

function textHeader(length: number): string {
  if (length < LENGTH_16) return String.fromCharCode(FIN_TEXT, length);
  return String.fromCharCode(FIN_TEXT, LENGTH_16, length >>> 8, length & 0xff);
}

function withHeader(opcode: number, payload: Uint8Array): WireFrame {
  const head = header(opcode, payload.length);
  const pieces =
    payload.length <= LONGEST_COPY ? [Buffer.concat([head, payload])] : [head, payload];
  return new WireFrame(null, pieces);
}

/** Puts one frame into wire form. */
export function wireFrame(frame: Frame): WireFrame {
  if (typeof frame !== "string") return withHeader(FIN_BINARY, frame);
  const length = frame.length;
  if (length <= LONGEST_STRING && Buffer.byteLength(frame) === length) {
    return new WireFrame(textHeader(length) + frame, []);
  }
  return withHeader(FIN_TEXT, Buffer.from(frame));
}

/** A control frame as a string, one character for each byte; at most 125 bytes of payload. */
export function controlFrame(opcode: number, payload: Buffer): string {
  return String.fromCharCode(FINAL | opcode, payload.length) + payload.toString("latin1");
}

/** The framer that engines on Node use. */
export const nodeFramer: Framer = { prepare: wireFrame };
