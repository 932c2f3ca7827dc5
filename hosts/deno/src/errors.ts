// The table of the errors that only the Deno host throws.

import { type ErrorFactory, errorFactory } from "@sockeye/portable";

/** Messages by code; a comment says when the error occurs. */
export const DENO_ERRORS = {
  /** Thrown by `new Server()`: the program runs on another runtime. */
  ERR_NOT_DENO: () => "@sockeye/deno needs Deno; on Node use @sockeye/node",
  /** Thrown by `attach` and `listen`: given a server that runs, whose handler cannot be added to, or a function. */
  ERR_LISTEN_TARGET: () =>
    "a server of Deno cannot be attached to; start it with Deno.serve(io.handler())",
  /** Thrown by `attach` and `listen`: WebTransport is on, and Deno was started without QUIC. */
  ERR_NO_QUIC: () => "the transport webtransport needs the flag --unstable-net of Deno",
} as const;

/** Creates an error of the host; the values fill in its message. */
export const denoError: ErrorFactory<typeof DENO_ERRORS> = errorFactory(DENO_ERRORS);
