// The table of the errors that only this host throws or reports.

import { type ErrorFactory, errorFactory } from "@sockeye/portable";

/** Messages by code; a comment says when the error occurs. */
export const UWS_ERRORS = {
  /** Thrown by `attach`, `attachApp` and `listen`: given neither an application of uWebSockets.js nor a port. */
  ERR_LISTEN_TARGET: () =>
    "pass an application of uWebSockets.js, as io.attachApp(uws.App()), or a port; HTTP servers are for @sockeye/node",
  /** Thrown by `listen` with a port: the option `uws` is missing. */
  ERR_LISTEN_MODULE: () => "to listen on a port, pass uWebSockets.js as the option uws",
  /** Thrown by `listen` with a port: uWebSockets.js cannot listen there. */
  ERR_LISTEN_FAILED: (port: string) => `cannot listen on port ${port}; it may be in use`,
} as const;

/** Creates an error of the host; the values fill in its message. */
export const uwsError: ErrorFactory<typeof UWS_ERRORS> = errorFactory(UWS_ERRORS);
