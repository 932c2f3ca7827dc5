// The codec of Engine.IO with the names and shapes of the package `engine.io-parser`, for programs that use it.

import { ENGINE_REVISION } from "./engine-packet.ts";

export {
  type BinaryType,
  decodePacket,
  decodePayload,
  encodePacket,
  encodePayload,
  type Packet,
  type PacketType,
  type RawData,
} from "./loose-packet.ts";
export { createPacketDecoderStream, createPacketEncoderStream } from "./packet-stream.ts";

/** The revision of the protocol. */
export const protocol: number = ENGINE_REVISION;
