// Express-style middleware in front of the engine: `io.engine.use((req, res, next) => …)`.
// It runs for every HTTP request and for every WebSocket handshake.

import type { IncomingMessage, ServerResponse } from "node:http";

/** Continues, or refuses with an error. */
export type EngineNext = (error?: unknown) => void;

/** A middleware as Express knows it. */
export type EngineMiddleware = (
  request: IncomingMessage,
  response: ServerResponse,
  next: EngineNext,
) => void;

/** Runs a chain; `done` is called once, with the first error or without one, or never when a middleware answers. */
export function runEngineMiddleware(
  chain: readonly EngineMiddleware[],
  exchange: { readonly request: IncomingMessage; readonly response: ServerResponse },
  done: (error?: unknown) => void,
): void {
  const advance = (at: number): void => {
    const middleware = chain[at];
    if (middleware === undefined) {
      done();
      return;
    }
    let isOver = false;
    const next = (error?: unknown): void => {
      if (isOver) return;
      isOver = true;
      if (error) done(error);
      else advance(at + 1);
    };
    try {
      middleware(exchange.request, exchange.response, next);
    } catch (error) {
      next(error ?? new Error("middleware failed"));
    }
  };
  advance(0);
}
