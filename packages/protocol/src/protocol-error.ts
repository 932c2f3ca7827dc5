// The errors of received data, with their codes. They are caught in one place and become a close reason.

/** Stable codes of the ways in which a peer can break the protocol. */
export type ProtocolErrorCode =
  | "ENGINE_PACKET"
  | "BASE64"
  | "PACKET_TYPE"
  | "PAYLOAD"
  | "ATTACHMENT_COUNT"
  | "TOO_MANY_ATTACHMENTS"
  | "PLACEHOLDER"
  | "UNEXPECTED_TEXT"
  | "UNEXPECTED_BINARY"
  | "ACK_ID"
  | "NESTING"
  | "MSGPACK";

/** Raised by the decoders when a peer's bytes break the protocol; never by our own mistakes. */
export class ProtocolError extends Error {
  readonly code: ProtocolErrorCode;

  constructor(code: ProtocolErrorCode, message: string) {
    super(message);
    this.name = "ProtocolError";
    this.code = code;
  }
}
