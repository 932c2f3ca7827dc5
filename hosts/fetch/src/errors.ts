// The table of the errors that only the host for Request and Response throws.

import { type ErrorFactory, errorFactory } from "@sockeye/portable";

/** Messages by code; a comment says when the error occurs. */
export const FETCH_ERRORS = {
  /** Thrown by `attach` and `listen`: this host listens on nothing. */
  ERR_LISTEN_TARGET: () =>
    "@sockeye/fetch does not listen; give io.handler() to the runtime's HTTP server",
} as const;

/** Creates an error of the host. */
export const fetchError: ErrorFactory<typeof FETCH_ERRORS> = errorFactory(FETCH_ERRORS);
