// Notices middleware of the engine that neither calls `next` nor answers: the request waits for ever. Waits for nothing
// while nothing listens to the point.

import { type Patience, stallHint } from "@sockeye/core";
import type { HostDiagnostics } from "./diagnostics.ts";
import type { EngineMiddleware } from "./engine-middleware.ts";

/** How middleware is watched. */
export interface MiddlewareWatch {
  readonly patience: Patience;
  readonly point: HostDiagnostics["middlewareStalled"];
}

/** The middleware, watched while the point has listeners. */
export function watchedMiddleware(
  middleware: EngineMiddleware,
  { patience, point }: MiddlewareWatch,
): EngineMiddleware {
  const waited = patience.limit;
  return (request, response, next) => {
    if (!point.active || waited === 0) return middleware(request, response, next);
    let stopWaiting: (() => void) | undefined;
    let isOver = false;
    const stop = (): void => {
      isOver = true;
      stopWaiting?.();
    };
    const result = middleware(request, response, (error) => {
      stop();
      next(error);
    });
    if (isOver) return result;
    stopWaiting = patience.wait(() => {
      if (response.headersSent || response.writableEnded) return;
      point.publish({ request, waited, hint: stallHint("engine.use", waited) });
    });
    // It has failed, which refuses the request.
    result?.then(undefined, stop);
    return result;
  };
}
