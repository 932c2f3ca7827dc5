// The table of the errors that only the host on Cloudflare Workers throws.

import { type ErrorFactory, errorFactory } from "@sockeye/portable";

/** Messages by code; a comment says when the error occurs. */
export const WORKERS_ERRORS = {
  /** Thrown by `new Server()`: the program runs on another runtime. */
  ERR_NOT_WORKERS: () => "@sockeye/workers needs Cloudflare Workers; on Node use @sockeye/node",
  /** Thrown by `attach`: given something else than the state of a Durable Object. */
  ERR_LISTEN_TARGET: () =>
    "a server on Workers is attached to the state of a Durable Object; pass ctx of its constructor",
} as const;

/** Creates an error of the host. */
export const workersError: ErrorFactory<typeof WORKERS_ERRORS> = errorFactory(WORKERS_ERRORS);
