// The table of refused requests: code, message, HTTP status. Texts and codes are Socket.IO's.

/** Numeric refusal codes as they stand in the response body. */
export const RefusalCode = {
  UNKNOWN_TRANSPORT: 0,
  UNKNOWN_SID: 1,
  BAD_HANDSHAKE_METHOD: 2,
  BAD_REQUEST: 3,
  FORBIDDEN: 4,
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
