// The table of this package's errors.

import { type CodedError, type ErrorFactory, errorFactory } from "@sockeye/portable";

/** Messages by code; a comment says when the error occurs. */
export const PRESENCE_ERRORS = {
  /** Thrown by `withPresence`: the namespace has presence already. */
  ERR_PRESENCE_TWICE: (nsp: string) => `the namespace "${nsp}" has presence already`,
} as const;

/** The codes of this package's errors. */
export type PresenceErrorCode = keyof typeof PRESENCE_ERRORS;

/** An error of this package. */
export type PresenceError = CodedError<PresenceErrorCode>;

/** Creates an error of this package; the values fill in its message. */
export const presenceError: ErrorFactory<typeof PRESENCE_ERRORS> = errorFactory(PRESENCE_ERRORS);
