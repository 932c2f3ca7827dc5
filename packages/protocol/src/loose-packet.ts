// Engine.IO packets in the form of the package `engine.io-parser`: a broken one is an `error` packet, and any value may
// be sent. For that package's API; the library's own engine and client do not use this file.

import { fromBase64, toBase64 } from "./base64.ts";
import { bytesIn, platformBytes } from "./bytes.ts";
import { ENGINE_PACKET_TYPES, type EnginePacketType } from "./engine-packet.ts";
import { RECORD_SEPARATOR } from "./engine-payload.ts";

/** The type of a packet; a broken packet decodes to `error`. */
export type PacketType = EnginePacketType | "error";

/** The payload of a packet: text, or bytes as a buffer or a view. */
// biome-ignore lint/suspicious/noExplicitAny: as the package types it; applications assign it to variables of any type.
export type RawData = any;

/** A packet. */
export interface Packet {
  type: PacketType;
  options?: { compress: boolean };
  data?: RawData;
}

/** The type of decoded bytes: a `Buffer` where the platform has it, unless `arraybuffer` is requested. */
export type BinaryType = "nodebuffer" | "arraybuffer" | "blob";

const FIRST_CODE = 0x30;
const TYPES: readonly PacketType[] = ENGINE_PACKET_TYPES;

/** Encodes a packet and calls `callback` synchronously. With `supportsBinary`, bytes are passed on unchanged. */
export function encodePacket(
  packet: Packet,
  supportsBinary: boolean,
  callback: (encodedPacket: RawData) => void,
): void {
  const { data } = packet as { data?: unknown };
  const bytes = bytesIn(data);
  if (bytes === undefined) {
    const at = TYPES.indexOf(packet.type);
    callback(`${at === -1 ? undefined : at}${data || ""}`);
  } else callback(supportsBinary ? data : `b${toBase64(bytes)}`);
}

/** Bytes in the requested form. */
function shaped(bytes: Uint8Array, binaryType: BinaryType | undefined): ArrayBuffer | Uint8Array {
  if (binaryType !== "arraybuffer") {
    const own = platformBytes(bytes);
    if (own !== bytes) return own;
  }
  const isWhole = bytes.byteLength === bytes.buffer.byteLength;
  // A copy, unless the view covers its whole buffer. `slice` of a Buffer would be a view of the shared pool.
  return (isWhole ? bytes : new Uint8Array(bytes)).buffer as ArrayBuffer;
}

function broken(): Packet {
  return { type: "error", data: "parser error" };
}

/** Decodes a packet; one that is broken decodes to an `error`. */
export function decodePacket(encodedPacket: RawData, binaryType?: BinaryType): Packet {
  const encoded: unknown = encodedPacket;
  if (typeof encoded !== "string") {
    const bytes = bytesIn(encoded);
    return { type: "message", data: bytes === undefined ? encoded : shaped(bytes, binaryType) };
  }
  const first = encoded.charAt(0);
  if (first === "b") {
    try {
      return { type: "message", data: shaped(fromBase64(encoded.slice(1)), binaryType) };
    } catch {
      return broken();
    }
  }
  const type = TYPES[encoded.charCodeAt(0) - FIRST_CODE];
  if (type === undefined) return broken();
  return encoded.length > 1 ? { type, data: encoded.slice(1) } : { type };
}

/** Encodes the packets of a polling body; does not call back when there are none. */
export function encodePayload(packets: Packet[], callback: (encodedPayload: string) => void): void {
  if (packets.length === 0) return;
  const texts: string[] = [];
  for (const packet of packets) encodePacket(packet, false, (text: string) => texts.push(text));
  callback(texts.join(RECORD_SEPARATOR));
}

/** Decodes a polling body, up to and including the first broken packet. */
export function decodePayload(encodedPayload: string, binaryType?: BinaryType): Packet[] {
  const packets: Packet[] = [];
  for (const encoded of encodedPayload.split(RECORD_SEPARATOR)) {
    const packet = decodePacket(encoded, binaryType);
    packets.push(packet);
    if (packet.type === "error") break;
  }
  return packets;
}
