// Engine.IO packets as the package `engine.io-parser` takes and gives them: a broken one is an `error` packet, and
// anything may be sent. For the face of that package; our own engine and client do not pass through here.

import { fromBase64, toBase64 } from "./base64.ts";
import { bytesIn } from "./bytes.ts";
import { ENGINE_PACKET_TYPES, type EnginePacketType } from "./engine-packet.ts";
import { RECORD_SEPARATOR } from "./engine-payload.ts";

/** The type of a packet; `error` is what a broken one decodes to. */
export type PacketType = EnginePacketType | "error";

/** What a packet carries: text, or bytes in any of their forms. */
// biome-ignore lint/suspicious/noExplicitAny: as the package types it; applications assign it to whatever they expect.
export type RawData = any;

/** A packet. */
export interface Packet {
  type: PacketType;
  options?: { compress: boolean };
  data?: RawData;
}

/** What bytes are decoded to: a `Buffer` where there is one unless `arraybuffer` is asked for. */
export type BinaryType = "nodebuffer" | "arraybuffer" | "blob";

const FIRST_CODE = 0x30;
const TYPES: readonly PacketType[] = ENGINE_PACKET_TYPES;

/** Encodes a packet and hands the result to `callback`, at once. Bytes stay what they are where they may. */
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

interface Host {
  readonly Buffer?: {
    from(buffer: ArrayBufferLike, offset: number, length: number): Uint8Array;
  };
}

/** Bytes in the form that was asked for. */
function shaped(bytes: Uint8Array, binaryType: BinaryType | undefined): ArrayBuffer | Uint8Array {
  const { Buffer } = globalThis as Host;
  if (binaryType !== "arraybuffer" && Buffer !== undefined) {
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  const isWhole = bytes.byteLength === bytes.buffer.byteLength;
  // A copy unless the bytes have the memory for themselves. `slice` of a Buffer would be another view of all of it.
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

/** Encodes the packets of a polling body; nothing is handed on when there are none. */
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
