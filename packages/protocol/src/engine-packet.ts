// Engine.IO revision 4 packets: one type character and a payload. Knows nothing of transports.

import { fromBase64, toBase64 } from "./base64.ts";
import type { Frame } from "./frame.ts";
import { ProtocolError } from "./protocol-error.ts";

/** The revision of the Engine.IO protocol implemented here. */
export const ENGINE_REVISION = 4;

// Not read from the table below, which a client then need not carry.
const FIRST_CODE = 0x30;

/** Character code of the first character of a text frame, by packet type. */
export const EngineCode = {
  open: 0x30,
  close: 0x31,
  ping: 0x32,
  pong: 0x33,
  message: 0x34,
  upgrade: 0x35,
  noop: 0x36,
} as const;

/** Name of an Engine.IO packet type. */
export type EnginePacketType = keyof typeof EngineCode;

/** A decoded Engine.IO packet. */
export interface EnginePacket {
  readonly type: EnginePacketType;
  readonly data?: Frame;
}

/** The packet types, in the order of their type characters. */
export const ENGINE_PACKET_TYPES: readonly EnginePacketType[] = [
  "open",
  "close",
  "ping",
  "pong",
  "message",
  "upgrade",
  "noop",
];

/** Character that announces base64 in a text frame: `b`. */
export const BASE64_CODE = 0x62;

/** Encodes a packet as a WebSocket frame: text with a type character, or the bare bytes of a binary message. */
export function encodeEnginePacket(packet: EnginePacket): Frame {
  const { data } = packet;
  if (data !== undefined && typeof data !== "string") return data;
  return ENGINE_PACKET_TYPES.indexOf(packet.type) + (data ?? "");
}

/** The text form of a frame, for transports that carry no bytes: binary becomes `b` and base64. */
export function frameToText(frame: Frame): string {
  return typeof frame === "string" ? frame : `b${toBase64(frame)}`;
}

/** The reverse of `frameToText`. @throws ProtocolError when the base64 is malformed */
export function textToFrame(text: string): Frame {
  return text.charCodeAt(0) === BASE64_CODE ? fromBase64(text.slice(1)) : text;
}

/**
 * Decodes one frame.
 * @throws ProtocolError `ENGINE_PACKET` for an empty frame or an unknown type, `BASE64` for a broken `b…` frame
 */
export function decodeEnginePacket(frame: Frame): EnginePacket {
  if (typeof frame !== "string") return { type: "message", data: frame };
  const code = frame.charCodeAt(0);
  if (code === BASE64_CODE) return { type: "message", data: fromBase64(frame.slice(1)) };
  const type = ENGINE_PACKET_TYPES[code - FIRST_CODE];
  if (type === undefined) throw new ProtocolError("ENGINE_PACKET", "parser error");
  return frame.length > 1 ? { type, data: frame.slice(1) } : { type };
}
