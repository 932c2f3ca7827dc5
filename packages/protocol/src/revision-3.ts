// Engine.IO revision 3, for clients of Socket.IO 1 and 2: frames carry a type byte, payloads carry lengths.
// The only file that knows the format of revision 3.

import { fromBase64, toBase64 } from "./base64.ts";
import type { Frame } from "./frame.ts";
import { ProtocolError } from "./protocol-error.ts";
import type { WireFormat } from "./wire-format.ts";

const MESSAGE = 4;
const END_OF_LENGTH = 0xff;
// Engine.IO 3 accepts lengths of at most so many digits; a longer run of digits is no length.
const MAX_DIGITS = 310;

function broken(): ProtocolError {
  return new ProtocolError("ENGINE_PACKET", "parser error");
}

function withType(bytes: Uint8Array): Uint8Array {
  const typed = new Uint8Array(bytes.length + 1);
  typed[0] = MESSAGE;
  typed.set(bytes, 1);
  return typed;
}

function withoutType(frame: Uint8Array): Frame {
  const type = frame[0];
  if (type === undefined || type > 6) throw broken();
  // Only messages carry bytes; any other packet is text in a binary frame.
  if (type === MESSAGE) return frame.subarray(1);
  return type + new TextDecoder().decode(frame.subarray(1));
}

function base64Of(frame: Frame): string {
  return typeof frame === "string" ? frame : `b${MESSAGE}${toBase64(frame)}`;
}

function fromText(text: string): Frame {
  if (!text.startsWith("b")) return text;
  return text.charAt(1) === String(MESSAGE) ? fromBase64(text.slice(2)) : text.slice(1);
}

// The body that contains no packet.
const NOTHING = "0:";

function encodeText(frames: readonly Frame[]): string {
  if (frames.length === 0) return NOTHING;
  let body = "";
  for (const frame of frames) {
    const text = base64Of(frame);
    body += `${text.length}:${text}`;
  }
  return body;
}

function* decodeText(body: string): Iterable<Frame> {
  if (body === "") throw broken();
  if (body === NOTHING) return;
  let at = 0;
  while (at < body.length) {
    const colon = body.indexOf(":", at);
    const digits = colon === -1 ? "" : body.slice(at, colon);
    if (!/^\d{1,10}$/.test(digits)) throw broken();
    const length = Number(digits);
    const end = colon + 1 + length;
    if (length === 0 || end > body.length) throw broken();
    yield fromText(body.slice(colon + 1, end));
    at = end;
  }
}

function encodeBinary(frames: readonly Frame[]): Uint8Array {
  const parts: Uint8Array[] = [];
  let total = 0;
  for (const frame of frames) {
    const data = typeof frame === "string" ? new TextEncoder().encode(frame) : withType(frame);
    const digits = String(data.length);
    const head = new Uint8Array(digits.length + 2);
    head[0] = typeof frame === "string" ? 0 : 1;
    for (let at = 0; at < digits.length; at++) head[at + 1] = digits.charCodeAt(at) - 0x30;
    head[digits.length + 1] = END_OF_LENGTH;
    parts.push(head, data);
    total += head.length + data.length;
  }
  const body = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    body.set(part, at);
    at += part.length;
  }
  return body;
}

function* decodeBinary(body: Uint8Array): Iterable<Frame> {
  const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
  let at = 0;
  while (at < body.length) {
    const kind = body[at++];
    let length = 0;
    let digits = 0;
    while (body[at] !== END_OF_LENGTH) {
      const digit = body[at++];
      if (digit === undefined || digit > 9 || ++digits > MAX_DIGITS) throw broken();
      length = length * 10 + digit;
    }
    at += 1;
    const data = body.subarray(at, at + length);
    if (digits === 0 || data.length !== length || length === 0) throw broken();
    at += length;
    yield kind === 0 ? fromText(utf8.decode(data)) : withoutType(data);
  }
}

/** Revision 3 for clients with binary support. A body is binary only when one of its packets is. */
export const REVISION_3: WireFormat = {
  revision: 3,
  parameters: "",
  isPlain: false,
  toSocket: (frame) => (typeof frame === "string" ? frame : withType(frame)),
  fromSocket: (frame) => (typeof frame === "string" ? fromText(frame) : withoutType(frame)),
  encodeBody: (frames) =>
    frames.some((frame) => typeof frame !== "string") ? encodeBinary(frames) : encodeText(frames),
  decodeBody: (body) => (typeof body === "string" ? decodeText(body) : decodeBinary(body)),
};

/** Revision 3 for clients without binary support. */
export const REVISION_3_TEXT: WireFormat = {
  ...REVISION_3,
  parameters: "b64=1",
  toSocket: base64Of,
  encodeBody: encodeText,
};
