// The table of refused requests: code, message, HTTP status. Texts and codes are Socket.IO's.

/** Numeric refusal codes, as in the response body. */
export const RefusalCode = {
  /** The parameter `transport` is missing, unknown, or not enabled. */
  UNKNOWN_TRANSPORT: 0,
  /** There is no open connection with the session id `sid`. */
  UNKNOWN_SID: 1,
  /** A handshake with a method other than GET. */
  BAD_HANDSHAKE_METHOD: 2,
  /** An invalid header or parameter, a transport that does not fit the session, or a failed `generateId`. */
  BAD_REQUEST: 3,
  /** `allowRequest` refused the request; its text replaces the message. */
  FORBIDDEN: 4,
  /** A client of Socket.IO 1 or 2 while `allowEIO3` is off. */
  UNSUPPORTED_PROTOCOL_VERSION: 5,
} as const;

/** One of the refusal codes. */
export type RefusalCode = (typeof RefusalCode)[keyof typeof RefusalCode];

const MESSAGES: readonly string[] = [
  "Transport unknown",
  "Session ID unknown",
  "Bad handshake method",
  "Bad request",
  "Forbidden",
  "Unsupported protocol version",
];

/** A refused request, as `connection_error` reports it. */
export interface Refusal {
  readonly kind: "refusal";
  readonly code: RefusalCode;
  readonly message: string;
  /** Details for logs; never sent to the client. */
  readonly context: Readonly<Record<string, unknown>>;
}

/** Creates a refusal; `message` replaces the table's text. */
export function refusal(
  code: RefusalCode,
  context: Readonly<Record<string, unknown>>,
  message?: string,
): Refusal {
  return { kind: "refusal", code, message: message ?? (MESSAGES[code] as string), context };
}

/** The HTTP status of a refusal. */
export function statusOf(refused: Refusal): number {
  return refused.code === RefusalCode.FORBIDDEN ? 403 : 400;
}

/** The JSON body of a refusal. */
export function bodyOf(refused: Refusal): string {
  return JSON.stringify({ code: refused.code, message: refused.message });
}
