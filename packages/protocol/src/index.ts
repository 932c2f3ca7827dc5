// The public list of the protocol package.

export type { BlobPolicy } from "./attachments.ts";
export { fromBase64, toBase64 } from "./base64.ts";
export { ByteQueue } from "./byte-queue.ts";
export { bytesIn } from "./bytes.ts";
export type { Codec, Encoded, PacketDecoder, PacketReceiver } from "./codec.ts";
export { compactJsonCodec, isBinary } from "./compact-json-codec.ts";
export {
  type CustomDecoder,
  type CustomEncoder,
  type CustomParser,
  codecOf,
  isCustomParser,
} from "./custom-parser.ts";
export {
  BASE64_CODE,
  decodeEnginePacket,
  ENGINE_PACKET_TYPES,
  ENGINE_REVISION,
  EngineCode,
  type EnginePacket,
  type EnginePacketType,
  encodeEnginePacket,
  frameToText,
  textToFrame,
} from "./engine-packet.ts";
export { encodePayload, RECORD_SEPARATOR, splitPayload } from "./engine-payload.ts";
export type { Frame } from "./frame.ts";
export { type JsonCodecOptions, jsonCodec } from "./json-codec.ts";
export { DEFAULT_LIMITS, type DecodeLimits, MAX_DEPTH, MAX_SENT_DEPTH } from "./limits.ts";
export { type LossyData, lossyData, lossyText } from "./lossy-data.ts";
export { msgpackCodec } from "./msgpack-codec.ts";
export { decodeMsgpack } from "./msgpack-decoder.ts";
export { encodeMsgpack } from "./msgpack-encoder.ts";
export {
  isPayloadValid,
  type Packet,
  PacketType,
  PROTOCOL_REVISION,
  RESERVED_EVENTS,
} from "./packet.ts";
export {
  hasArguments,
  lastText,
  PassedEvent,
  passedFrames,
  withArgument,
} from "./passed-event.ts";
export { ProtocolError, type ProtocolErrorCode } from "./protocol-error.ts";
export { REVISION_3, REVISION_3_TEXT } from "./revision-3.ts";
export { strictCodec } from "./strict-codec.ts";
export type { EventHead, UndecodedEvents } from "./undecoded.ts";
export { jsonpFormat, REVISION_4, REVISION_4_TEXT, type WireFormat } from "./wire-format.ts";
