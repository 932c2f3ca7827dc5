// The wire form of messages between our nodes. First a version, then the form of the body:
//   text   1 "T" <length of the header in characters> ":" <header as JSON> <the frame>          one UTF-8 text
//   frames 1 "B" <length of the header in bytes: 4> <header as JSON> then for each frame
//          <0 text, 1 bytes: 1> <length in bytes: 4> <the frame>
//   none   as text, with an empty frame and "N"
// Numbers are big endian. One text is encoded and decoded in one step, because most messages are that.

import { type Encoded, type Frame, jsonCodec, PacketType } from "@sockeye/protocol";
import { isHeader } from "./header-check.ts";
import { type Body, type Header, type Message, Values } from "./intents.ts";

/** The version of the wire form and of the intents that this code writes, and the newest that it reads. */
export const VERSION = 1;

const TEXT = 84;
const FRAMES = 66;
const NONE = 78;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const isolated = jsonCodec({ limits: { maxAttachments: 1_000_000 } });

/** A message that cannot be read. */
export interface Unreadable {
  readonly reason: "malformed" | "newer version";
}

/** Writes a message. @throws TypeError when it carries values that have no JSON */
export function encodeMessage(header: Header, given: Body): Uint8Array {
  return encodeForm(header, given);
}

/** Writes a header and a body in the form of messages. @throws TypeError when it carries values that have no JSON */
export function encodeForm(header: object, given: Body): Uint8Array {
  const body = given instanceof Values ? encodeValues(given.list) : given;
  const head = JSON.stringify(header);
  if (body === null || typeof body === "string") {
    const form = body === null ? "N" : "T";
    return encoder.encode(`\u0001${form}${head.length}:${head}${body ?? ""}`);
  }
  return joined(head, body instanceof Uint8Array ? [body] : body);
}

function joined(head: string, frames: readonly Frame[]): Uint8Array {
  const headBytes = encoder.encode(head);
  const parts = frames.map((frame) => (typeof frame === "string" ? encoder.encode(frame) : frame));
  const size = parts.reduce((sum, part) => sum + 5 + part.byteLength, 6 + headBytes.byteLength);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  bytes[0] = VERSION;
  bytes[1] = FRAMES;
  view.setUint32(2, headBytes.byteLength);
  bytes.set(headBytes, 6);
  let at = 6 + headBytes.byteLength;
  for (const [index, part] of parts.entries()) {
    bytes[at] = typeof frames[index] === "string" ? 0 : 1;
    view.setUint32(at + 1, part.byteLength);
    bytes.set(part, at + 5);
    at += 5 + part.byteLength;
  }
  return bytes;
}

/** Reads a message. Never throws: what arrives from a broker may be anything. */
export function decodeMessage(bytes: Uint8Array): Message | Unreadable {
  const version = bytes[0] ?? 0;
  if (version > VERSION && version < 32) return { reason: "newer version" };
  const message = decodeForm(bytes);
  return message !== null && isHeader(message.header) ? message : { reason: "malformed" };
}

/** Reads a header and a body in the form of messages; `null` when they are none. */
export function decodeForm(bytes: Uint8Array): Message | null {
  const form = bytes[1];
  if (bytes[0] !== VERSION) return null;
  try {
    if (form === FRAMES) return separated(bytes);
    if (form === TEXT || form === NONE) return split(bytes);
  } catch {
    // Malformed, as below.
  }
  return null;
}

function split(bytes: Uint8Array): Message {
  const text = decoder.decode(bytes);
  const colon = text.indexOf(":");
  const end = colon + 1 + Number(text.slice(2, colon));
  const header = JSON.parse(text.slice(colon + 1, end)) as Header;
  return { header, body: bytes[1] === NONE ? null : text.slice(end) };
}

function separated(bytes: Uint8Array): Message {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headEnd = 6 + view.getUint32(2);
  const header = JSON.parse(decoder.decode(bytes.subarray(6, headEnd))) as Header;
  const frames: Frame[] = [];
  for (let at = headEnd; at < bytes.byteLength; ) {
    const end = at + 5 + view.getUint32(at + 1);
    if (end > bytes.byteLength) throw new RangeError("a frame is cut off");
    // A copy: the broker's client may use its buffer again, and frames are kept by write buffers.
    const frame = bytes.slice(at + 5, end);
    frames.push(bytes[at] === 0 ? decoder.decode(frame) : frame);
    at = end;
  }
  return { header, body: frames.length === 1 ? (frames[0] as Frame) : frames };
}

/** Values as the body of a message: JSON, with bytes as frames of their own. @throws TypeError for what has no JSON */
export function encodeValues(values: readonly unknown[]): Encoded {
  return isolated.encode({ type: PacketType.ACK, nsp: "/", id: 0, data: values });
}

/** The values of a body; none when it is not readable. */
export function decodeValues(body: Body): unknown[] {
  if (body === null) return [];
  if (body instanceof Values) return [...body.list];
  const reader = isolated.createDecoder();
  try {
    let values: unknown;
    for (const frame of framesOf(body)) values = reader.add(frame)?.data;
    return Array.isArray(values) ? values : [];
  } catch {
    return [];
  }
}

/** The frames of an encoded packet. */
export function framesOf(body: Encoded): readonly Frame[] {
  return typeof body === "string" || body instanceof Uint8Array ? [body] : body;
}
