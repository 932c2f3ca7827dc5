// The table of the errors that only the Bun host throws.

import { type ErrorFactory, errorFactory } from "@sockeye/portable";

/** Messages by code; a comment says when the error occurs. */
export const BUN_ERRORS = {
  /** Thrown by `new Server()`: the program runs on another runtime. */
  ERR_NOT_BUN: () => "@sockeye/bun needs Bun; on Node use @sockeye/node",
  /** Thrown by `attach` and `listen`: given a server that runs, whose handlers cannot be added to, or a function. */
  ERR_LISTEN_TARGET: () =>
    "a server of Bun cannot be attached to; start it with Bun.serve({ ...io.handler() })",
} as const;

/** Creates an error of the host; the values fill in its message. */
export const bunError: ErrorFactory<typeof BUN_ERRORS> = errorFactory(BUN_ERRORS);
