// Express-style middleware in front of the engine: `io.engine.use((req, res, next) => …)`.
// It runs for every HTTP request and for every WebSocket handshake.

import type { IncomingMessage, ServerResponse } from "node:http";
import type { UserCode, Whereabouts } from "@sockeye/core";
import type { Listener } from "@sockeye/events";

const WHEREABOUTS: Whereabouts = { target: null, socket: null, event: "engine.use" };

/** Continues, or refuses with an error. */
export type EngineNext = (error?: unknown) => void;

/** A middleware as Express knows it. */
export type EngineMiddleware = (
  request: IncomingMessage,
  response: ServerResponse,
  next: EngineNext,
) => void | PromiseLike<void>;

/**
 * A middleware as it is run: one that throws or rejects refuses the request, as if it had called `next` with the error,
 * unless it has done so or has answered before. The error handler is told of it as the event `engine.use`.
 */
export function guardedMiddleware(
  middleware: EngineMiddleware,
  userCode: UserCode,
): EngineMiddleware {
  return (request, response, next) => {
    let isOver = false;
    const proceed = (error?: unknown): void => {
      if (isOver) return;
      isOver = true;
      next(error);
    };
    const onFailed = (error: unknown): boolean => {
      if (isOver) return false;
      if (!response.headersSent && !response.writableEnded) {
        proceed(error ?? new Error("middleware failed"));
        return true;
      }
      isOver = true;
      // Nothing can be said any more; the peer must not wait for the rest.
      if (!response.writableEnded) response.destroy();
      return false;
    };
    const args = [request, response, proceed];
    userCode.ask({ callback: middleware as Listener, args, onFailed }, WHEREABOUTS);
  };
}

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
