// The errors of received data, with their codes. They are caught in one place and become a close reason.

/** Stable codes of protocol violations. */
export type ProtocolErrorCode =
  /** A frame without a valid Engine.IO packet type, or a broken polling body. */
  | "ENGINE_PACKET"
  /** Invalid base64. */
  | "BASE64"
  /** An unknown Socket.IO packet type. */
  | "PACKET_TYPE"
  /** Invalid JSON, or a payload that does not fit the packet type, such as a reserved event name. */
  | "PAYLOAD"
  /** The number of attachments is missing or invalid. */
  | "ATTACHMENT_COUNT"
  /** More attachments than the limit: `maxAttachments` of a server, 10 elsewhere. */
  | "TOO_MANY_ATTACHMENTS"
  /** More bytes of attachments than `maxAttachmentBytes`. */
  | "ATTACHMENTS_TOO_LARGE"
  /** A placeholder names no attachment, or one that was used before. */
  | "PLACEHOLDER"
  /** A text frame where an attachment was expected, or with the MessagePack codec. */
  | "UNEXPECTED_TEXT"
  /** A binary frame where no attachment was expected. */
  | "UNEXPECTED_BINARY"
  /** An acknowledgement id that is no safe integer. */
  | "ACK_ID"
  /** Data nested deeper than the limit (1000 levels). */
  | "NESTING"
  /** Invalid MessagePack. */
  | "MSGPACK";

/** Thrown by the decoders for received data that violates the protocol. */
export class ProtocolError extends Error {
  readonly code: ProtocolErrorCode;

  constructor(code: ProtocolErrorCode, message: string) {
    super(message);
    this.name = "ProtocolError";
    this.code = code;
  }
}
