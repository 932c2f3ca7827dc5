// Runs steps in order until one ends the chain: middleware of namespaces and sockets, and the patterns that decide
// about a namespace. The steps are code of the application: functions with `next`, async functions, or both.

/** An error that rejects a connection; `data` is sent to the client with the message. */
export interface ExtendedError extends Error {
  data?: unknown;
}

/** Continues with the next middleware, or rejects. */
export type Next = (error?: ExtendedError) => void;

/** One step of a chain. `End` is the value that ends the chain early: an error for middleware. */
export interface Step<End> {
  /** Calls `next` without a value to continue, with one to end the chain. Only the first call counts. */
  readonly run: (next: (end?: End) => void) => unknown;
  /**
   * Whether the step continues by itself when the promise it returned is fulfilled: a function that provably
   * declares no `next`.
   */
  readonly endsWithPromise: boolean;
  /** Maps a thrown or rejected value to the value that ends the chain, or to `undefined` to continue. */
  readonly failed: (thrown: unknown, how: "thrown" | "rejected") => End | undefined;
}

/**
 * Runs `steps` in order, then calls `done` once: with the value that ended the chain, or with `undefined`.
 * A step that never calls `next` keeps the chain waiting, as in Socket.IO. `late` is given what changes nothing any
 * more: what a step throws, or rejects with, after it has called `next`, and what `done` throws within a step.
 */
export function runChain<End>(
  steps: readonly Step<End>[],
  done: (end: End | undefined) => void,
  late: (thrown: unknown) => void,
): void {
  const finish = (end: End | undefined): void => {
    try {
      done(end);
    } catch (thrown) {
      late(thrown);
    }
  };
  const advance = (at: number): void => {
    const step = steps[at];
    if (step === undefined) {
      finish(undefined);
      return;
    }
    let isOver = false;
    const next = (end?: End): void => {
      if (isOver) return;
      isOver = true;
      if (end) finish(end);
      else advance(at + 1);
    };
    const failed = (thrown: unknown, how: "thrown" | "rejected"): void => {
      if (isOver) late(thrown);
      else next(step.failed(thrown, how));
    };
    try {
      const result = step.run(next);
      const then = (result as { then?: unknown } | null | undefined)?.then;
      if (typeof then !== "function") return;
      then.call(
        result,
        () => (step.endsWithPromise ? next() : undefined),
        (thrown: unknown) => failed(thrown, "rejected"),
      );
    } catch (thrown) {
      failed(thrown, "thrown");
    }
  };
  advance(0);
}

/** Converts a thrown value to an Error, so that there is always a message to send. */
function asError(thrown: unknown): ExtendedError {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

/** A middleware as a step: a thrown or rejected value rejects the connection or the event. */
export function middlewareStep<Subject>(
  middleware: (subject: Subject, next: Next) => unknown,
  subject: Subject,
): Step<ExtendedError> {
  return {
    run: (next) => middleware(subject, next),
    endsWithPromise: middleware.length === 1,
    failed: asError,
  };
}
