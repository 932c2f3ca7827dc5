// Packets as MessagePack, one binary frame each: the wire form of Socket.IO's msgpack parser.

import type { Codec, PacketDecoder } from "./codec.ts";
import type { Frame } from "./frame.ts";
import { MAX_DEPTH } from "./limits.ts";
import { decodeMsgpack } from "./msgpack-decoder.ts";
import { encodeMsgpack } from "./msgpack-encoder.ts";
import type { Packet } from "./packet.ts";
import { ProtocolError } from "./protocol-error.ts";
import { packetOf } from "./strict-codec.ts";

/** Replaces byte arrays by ArrayBuffers, the form that applications in browsers expect. */
function withBuffers(value: unknown): unknown {
  if (value instanceof Uint8Array) return new Uint8Array(value).buffer;
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  const object = value as Record<string, unknown>;
  // The keys are own properties already: even `__proto__` is assigned as such.
  for (const key of Object.keys(object)) object[key] = withBuffers(object[key]);
  return object;
}

function decode(frame: Frame | ArrayBuffer, maxDepth: number): Packet {
  if (typeof frame === "string") {
    throw new ProtocolError("UNEXPECTED_TEXT", "got plaintext data instead of MessagePack");
  }
  const isBytes = frame instanceof Uint8Array;
  const value = decodeMsgpack(isBytes ? frame : new Uint8Array(frame), maxDepth);
  const packet = packetOf(isBytes ? value : withBuffers(value));
  const { type } = value as Packet;
  if (type !== packet.type) throw new ProtocolError("PACKET_TYPE", `unknown packet type ${type}`);
  return packet;
}

/**
 * A codec for the wire form of `socket.io-msgpack-parser`: smaller than JSON for numbers and binary data, and dates,
 * `undefined` and bytes arrive as what they are. Both sides must use it; give it to both as the option `parser`.
 * Received data may nest `maxDepth` levels deep (default 1000), sent data 1500.
 */
export function msgpackCodec(maxDepth: number = MAX_DEPTH): Codec {
  return {
    encode({ data, id, nsp, type }) {
      const packet: Record<string, unknown> = { type };
      if (data !== undefined) packet["data"] = data;
      if (id !== undefined) packet["id"] = id;
      packet["nsp"] = nsp;
      return encodeMsgpack(packet);
    },
    createDecoder(): PacketDecoder {
      return { add: (frame) => decode(frame, maxDepth), reset() {}, isBusy: false };
    },
  };
}
