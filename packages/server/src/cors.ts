// The middleware that answers cross-origin requests, created from the option `cors`. Its functions are code of the
// application: when one throws or rejects, the request is refused, as if it had called back with the error.

import type { UserCode } from "@sockeye/core";
import type { Listener } from "@sockeye/events";
import corsMiddleware from "cors";
import type { EngineMiddleware } from "./engine-middleware.ts";

/** A function with a callback as second argument, which must be called. */
type Asked = (about: unknown, callback: (...answer: unknown[]) => void) => void;

function guarded(callback: Asked, userCode: UserCode): Asked {
  return (about, answer) => {
    let isOver = false;
    const once = (...given: unknown[]): void => {
      if (isOver) return;
      isOver = true;
      answer(...given);
    };
    const onFailed = (error: unknown): boolean => {
      if (isOver) return false;
      once(error ?? new Error("cors failed"));
      return true;
    };
    const site = { target: null, socket: null, event: "cors", kind: "request" } as const;
    userCode.ask({ callback: callback as Listener, args: [about, once], onFailed }, site);
  };
}

function guardedOptions(options: unknown, userCode: UserCode): unknown {
  const origin = (options as { origin?: unknown } | null | undefined)?.origin;
  if (typeof origin !== "function") return options;
  return { ...(options as object), origin: guarded(origin as Asked, userCode) };
}

/** The middleware of the option: options of the package `cors`, or a function that calls back with them. */
export function corsFor(cors: unknown, userCode: UserCode): EngineMiddleware {
  if (typeof cors !== "function") {
    return corsMiddleware(guardedOptions(cors, userCode) as never) as EngineMiddleware;
  }
  const delegate: Asked = (request, callback) =>
    guarded(cors as Asked, userCode)(request, (error, options) =>
      callback(error, guardedOptions(options, userCode)),
    );
  return corsMiddleware(delegate as never) as EngineMiddleware;
}
