// The errors of WebSocket frames (RFC 6455, 5 and 7.4), with their close codes. Messages and codes are those of the
// `ws` package: applications find them in the details of a disconnection.

const TEXT = 1;
const BINARY = 2;
const CLOSE = 8;
const PONG = 10;

/** The codes, without the prefix `WS_ERR_`. */
export type FrameErrorCode =
  /** A payload length above 2^53 - 1. */
  | "UNSUPPORTED_DATA_PAYLOAD_LENGTH"
  /** A message longer than `maxHttpBufferSize`. */
  | "UNSUPPORTED_MESSAGE_LENGTH"
  /** More fragments than the limit (16,384). */
  | "TOO_MANY_BUFFERED_PARTS"
  /** A text message or a close reason that is not UTF-8. */
  | "INVALID_UTF8"
  /** A close frame with a code that must not be sent. */
  | "INVALID_CLOSE_CODE"
  /** A reserved bit is set. */
  | "UNEXPECTED_RSV_2_3"
  /** The bit of compression is set, which was not negotiated. */
  | "UNEXPECTED_RSV_1"
  /** A fragmented control frame. */
  | "EXPECTED_FIN"
  /** A control frame longer than 125 bytes, or a close frame of one byte. */
  | "INVALID_CONTROL_PAYLOAD_LENGTH"
  /** An unknown opcode, or one that is invalid at this position. */
  | "INVALID_OPCODE"
  /** A frame without a mask. */
  | "EXPECTED_MASK";

/** A client violated the protocol or a limit. */
export class FrameError extends Error {
  /** The code of the close frame. */
  readonly closeCode: number;
  readonly code: string;
  /** What the close frame says besides its code: ASCII, at most 123 characters. */
  declare closeReason?: string;

  constructor(closeCode: number, code: FrameErrorCode, message: string) {
    super(message);
    // As in `ws`.
    this.name = code === "INVALID_UTF8" ? "Error" : "RangeError";
    this.closeCode = closeCode;
    this.code = `WS_ERR_${code}`;
  }
}

function invalid(code: FrameErrorCode, what: string): FrameError {
  return new FrameError(1002, code, `Invalid WebSocket frame: ${what}`);
}

/** The errors found after a frame's first two bytes. */
export const faults = {
  aboveNumbers(): FrameError {
    const text = "Unsupported WebSocket frame: payload length > 2^53 - 1";
    return new FrameError(1009, "UNSUPPORTED_DATA_PAYLOAD_LENGTH", text);
  },
  tooLong(limit: number): FrameError {
    const error = new FrameError(1009, "UNSUPPORTED_MESSAGE_LENGTH", "Max payload size exceeded");
    error.closeReason = `above the limit of ${limit} bytes`;
    return error;
  },
  tooManyPieces(): FrameError {
    return new FrameError(1008, "TOO_MANY_BUFFERED_PARTS", "Too many message fragments");
  },
  notUtf8(): FrameError {
    return new FrameError(1007, "INVALID_UTF8", "Invalid WebSocket frame: invalid UTF-8 sequence");
  },
  closeCode(code: number): FrameError {
    return invalid("INVALID_CLOSE_CODE", `invalid status code ${code}`);
  },
} as const;

/** The error in the first two bytes of a frame, within a message of opcode `within` or outside of one (0). */
export function headFault(first: number, second: number, within: number): FrameError | null {
  const opcode = first & 0x0f;
  if ((first & 0x30) !== 0) return invalid("UNEXPECTED_RSV_2_3", "RSV2 and RSV3 must be clear");
  if ((first & 0x40) !== 0) return invalid("UNEXPECTED_RSV_1", "RSV1 must be clear");
  if (opcode >= CLOSE && opcode <= PONG) {
    const length = second & 0x7f;
    if (first < 0x80) return invalid("EXPECTED_FIN", "FIN must be set");
    if (length > 125 || (opcode === CLOSE && length === 1)) {
      return invalid("INVALID_CONTROL_PAYLOAD_LENGTH", `invalid payload length ${length}`);
    }
  } else if (within === 0 ? opcode !== TEXT && opcode !== BINARY : opcode !== 0) {
    return invalid("INVALID_OPCODE", `invalid opcode ${opcode}`);
  }
  return second < 0x80 ? invalid("EXPECTED_MASK", "MASK must be set") : null;
}

/** Whether a close frame may carry that code (RFC 6455, 7.4, and the registry of codes). */
export function isCloseCode(code: number): boolean {
  if (code >= 3000) return code <= 4999;
  return code >= 1000 && code <= 1014 && code !== 1004 && code !== 1005 && code !== 1006;
}
