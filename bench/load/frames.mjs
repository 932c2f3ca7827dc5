// WebSocket frames as a client writes them (RFC 6455, 5.2), made once and sent many times.

import { randomBytes } from "node:crypto";

/** Opcodes. */
export const TEXT = 1;
export const BINARY = 2;
export const CLOSE = 8;
export const PING = 9;
export const PONG = 10;

const FIN = 0x80;
const MASKED = 0x80;

/** A mask in which no byte is zero: some servers leave out the work for a zero mask. */
export function makeMask() {
  return randomBytes(4).map((byte) => byte | 1);
}

/**
 * One frame, unfragmented.
 * @param {number} opcode
 * @param {Uint8Array} payload
 * @param {Uint8Array} mask
 * @returns {{ bytes: Buffer, payloadAt: number }} the frame, and where its payload begins
 */
export function maskedFrame(opcode, payload, mask) {
  const { length } = payload;
  const lengthBytes = length < 126 ? 0 : length < 65_536 ? 2 : 8;
  const payloadAt = 2 + lengthBytes + 4;
  const bytes = Buffer.alloc(payloadAt + length);
  bytes[0] = FIN | opcode;
  bytes[1] = MASKED | (lengthBytes === 0 ? length : lengthBytes === 2 ? 126 : 127);
  if (lengthBytes === 2) bytes.writeUInt16BE(length, 2);
  else if (lengthBytes === 8) bytes.writeUIntBE(length, 4, 6);
  bytes.set(mask, payloadAt - 4);
  for (let at = 0; at < length; at++) {
    bytes[payloadAt + at] = (payload[at] ?? 0) ^ (mask[at & 3] ?? 0);
  }
  return { bytes, payloadAt };
}

/**
 * A text frame with a mask of its own.
 * @param {string} text
 */
export function textFrame(text) {
  return maskedFrame(TEXT, Buffer.from(text), makeMask()).bytes;
}

/** A close frame with code 1000. */
export function closeFrame() {
  return maskedFrame(CLOSE, Buffer.from([0x03, 0xe8]), makeMask()).bytes;
}
