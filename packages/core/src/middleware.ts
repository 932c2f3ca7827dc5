// Runs a chain of middleware: functions with `next`, async functions, or both.

import type { Socket } from "./socket.ts";

/** An error that refuses a connection; `data` is sent to the client with the message. */
export interface ExtendedError extends Error {
  data?: unknown;
}

/** Continues with the next middleware, or refuses. */
export type Next = (error?: ExtendedError) => void;

/**
 * Decides whether a socket may join a namespace. It either calls `next`, or is async:
 * a rejection refuses, and a function without a `next` parameter is done when its promise is.
 */
export type Middleware = (socket: Socket, next: Next) => void | Promise<void>;

/** One step of a chain. */
export interface Step {
  readonly run: (next: Next) => unknown;
  /** Whether the function declares `next`. Only one that provably does not is done when its promise is. */
  readonly takesNext: boolean;
}

/** Wraps what was thrown so that there is always a message to send. */
function asError(thrown: unknown): ExtendedError {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

/**
 * Runs `steps` in order and then `done`, once: with the first error, or without one.
 * A step that never calls `next` keeps everybody waiting, as in Socket.IO.
 */
export function runChain(steps: readonly Step[], done: (error?: ExtendedError) => void): void {
  const advance = (at: number): void => {
    const step = steps[at];
    if (step === undefined) {
      done();
      return;
    }
    let isOver = false;
    const next: Next = (error) => {
      if (isOver) return;
      isOver = true;
      if (error) done(error);
      else advance(at + 1);
    };
    let result: unknown;
    try {
      result = step.run(next);
    } catch (thrown) {
      next(asError(thrown));
      return;
    }
    const then = (result as { then?: unknown } | null | undefined)?.then;
    if (typeof then === "function") {
      then.call(
        result,
        () => (step.takesNext ? undefined : next()),
        (thrown: unknown) => next(asError(thrown)),
      );
    }
  };
  advance(0);
}
