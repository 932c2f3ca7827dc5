// Express-style middleware in front of the engine: `io.engine.use((req, res, next) => …)`.
// It runs for every HTTP request and for every WebSocket handshake.

import type { CallSite, UserCode } from "@sockeye/core";
import type { Listener } from "@sockeye/events";
import type { MiddlewareResponse } from "./collected-response.ts";

const CALL_SITE: CallSite = { target: null, socket: null, event: "engine.use", kind: "middleware" };

/** Continues, or refuses the request with an error. */
export type EngineNext = (error?: unknown) => void;

/**
 * A middleware in the form of Express. `Request` is what `socket.request` is on the host, `Response` the response of
 * the runtime, or a `CollectedResponse` where it has none of that form.
 */
export type EngineMiddleware<Request = unknown, Response = MiddlewareResponse> = (
  request: Request,
  response: Response,
  next: EngineNext,
) => void | PromiseLike<void>;

/**
 * Wraps a middleware: when it throws or rejects, the request is refused, as if it had called `next` with the error,
 * unless it has called `next` or answered before. The error handler receives the error with the event `engine.use`.
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
      // The response has begun; destroy it, so that the client does not wait for the rest.
      if (!response.writableEnded) response.destroy();
      return false;
    };
    const args = [request, response, proceed];
    userCode.ask({ callback: middleware as Listener, args, onFailed }, CALL_SITE);
  };
}

/** Runs a chain; `done` is called once, with the first error or without one, or never when a middleware answers. */
export function runEngineMiddleware(
  chain: readonly EngineMiddleware[],
  exchange: { readonly request: unknown; readonly response: MiddlewareResponse },
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
