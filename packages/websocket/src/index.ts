// @sockeye/websocket: RFC 6455 without a platform, for hosts that own network connections.

export { type Bytes, portableBytes } from "./bytes.ts";
export { Endpoint, type EndpointContext, type EndpointSink, type TurnEnd } from "./endpoint.ts";
export { FrameError, type FrameErrorCode, faults } from "./frame-error.ts";
export { FrameReader, type FrameSink, Unfinished } from "./frame-reader.ts";
export {
  binaryHeader,
  FrameWriter,
  LONGEST_STRING,
  LongText,
  textHeader,
  WireFrame,
  type WirePart,
} from "./frame-writer.ts";
export {
  answerHandshake,
  type HandshakeAnswer,
  type HandshakeHeaders,
  type HandshakeRequest,
  type RefusedHandshake,
  refusalText,
  refusedHandshake,
  switchingText,
} from "./handshake.ts";
export { Mask } from "./mask.ts";
export { portableSha1, type Sha1 } from "./sha1.ts";
export { isTextPart, mostBytes, putText, type TextPart, type TextPut } from "./text-buffer.ts";
