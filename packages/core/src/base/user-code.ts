// The only place that runs user code. What it throws never reaches the engine, another listener or another peer:
// it goes to `onListenerError` when there is one, and surfaces as uncaught otherwise (Socket.IO's behaviour).

import { callEntry, type Entry, isList, type Listener, type Listeners } from "@sockeye/events";
import type { CoreDiagnostics, PointSocket } from "./diagnostics.ts";
import type { ListenerErrorHandler } from "./options.ts";

/** Where user code is called from: `this` for the callee, and what the error handler is told. */
export interface Whereabouts {
  readonly target: object | null;
  readonly socket: object | null;
  readonly event: string;
}

/** A function that owes an answer, given by a callback among its arguments. */
export interface Question {
  readonly callback: Listener;
  readonly args: readonly unknown[];
  /**
   * Answers in its place when it throws or rejects. Returns whether that answer tells of the error, which then need not
   * surface where there is no error handler.
   */
  onFailed(error: unknown): boolean;
}

/** Runs listeners, middleware and acknowledgement callbacks. */
export class UserCode {
  readonly #onError: ListenerErrorHandler | undefined;
  readonly #surface: (error: unknown) => void;
  readonly #failures: CoreDiagnostics["userCodeFailed"] | undefined;

  /** `surface` makes an error uncaught, outside the current stack; `failures` publishes every error. */
  constructor(
    onError: ListenerErrorHandler<never> | undefined,
    surface: (error: unknown) => void,
    failures?: CoreDiagnostics["userCodeFailed"],
  ) {
    this.#failures = failures;
    this.#onError = onError as ListenerErrorHandler | undefined;
    this.#surface = surface;
  }

  /** Calls every listener of an event, each on its own; returns whether there were any. */
  raise(listeners: Listeners, args: readonly unknown[], whereabouts: Whereabouts): boolean {
    const entries = listeners.snapshot(whereabouts.event);
    if (entries === undefined) return false;
    if (!isList(entries)) this.#callEntry(entries, args, whereabouts);
    else for (const entry of entries) this.#callEntry(entry, args, whereabouts);
    return true;
  }

  /** As `raise`; the first thing that a listener throws is returned instead of reported. */
  attempt(
    listeners: Listeners,
    args: readonly unknown[],
    whereabouts: Whereabouts,
  ): { readonly error: unknown } | null {
    let first: { readonly error: unknown } | null = null;
    for (const entry of listeners.entries(whereabouts.event)) {
      try {
        const result = callEntry(entry, whereabouts.target as object, args);
        if (this.#onError !== undefined) this.#watch(result, whereabouts);
      } catch (error) {
        if (first === null) first = { error };
        else this.failed(error, whereabouts);
      }
    }
    return first;
  }

  /** Calls one function. */
  call(callback: Listener, args: readonly unknown[], whereabouts: Whereabouts): void {
    try {
      const result: unknown = Reflect.apply(callback, whereabouts.target, args);
      if (this.#onError !== undefined) this.#watch(result, whereabouts);
    } catch (error) {
      this.failed(error, whereabouts);
    }
  }

  /**
   * Calls a function whose caller waits for an answer. When it fails, `onFailed` is called, once; the error handler is
   * told. Without one, what was thrown is uncaught, and what was rejected with is an unhandled rejection, as if the
   * function had been called bare.
   */
  ask({ callback, args, onFailed }: Question, whereabouts: Whereabouts): void {
    const failed = (error: unknown, resurface: (error: unknown) => void): void => {
      let isTold = false;
      try {
        isTold = onFailed(error);
      } finally {
        if (this.#onError !== undefined) this.failed(error, whereabouts);
        else {
          this.#publish(error, whereabouts);
          if (!isTold) resurface(error);
        }
      }
    };
    try {
      const result: unknown = Reflect.apply(callback, whereabouts.target, args);
      const then = thenOf(result);
      then?.call(result, undefined, (error) => failed(error, reject));
    } catch (error) {
      failed(error, this.#surface);
    }
  }

  #callEntry(entry: Entry, args: readonly unknown[], whereabouts: Whereabouts): void {
    try {
      const result = callEntry(entry, whereabouts.target as object, args);
      if (this.#onError !== undefined) this.#watch(result, whereabouts);
    } catch (error) {
      this.failed(error, whereabouts);
    }
  }

  /** With an error handler: tells it what a promise that applications are given is rejected with. */
  watch(result: unknown, whereabouts: Whereabouts): void {
    if (this.#onError !== undefined) this.#watch(result, whereabouts);
  }

  #watch(result: unknown, whereabouts: Whereabouts): void {
    thenOf(result)?.call(result, undefined, (error) => this.failed(error, whereabouts));
  }

  /** Reports what code of the application threw: to `onListenerError`, or as an uncaught error. */
  failed(error: unknown, whereabouts: Whereabouts): void {
    if (!this.take(error, whereabouts)) this.#surface(error);
  }

  /** Gives an error to `onListenerError`; returns `false` when there is none, and the error is the caller's. */
  take(error: unknown, whereabouts: Whereabouts): boolean {
    const { event, socket } = whereabouts;
    this.#publish(error, whereabouts);
    if (this.#onError === undefined) return false;
    try {
      this.#onError(error, socket, event);
    } catch (second) {
      this.#surface(second);
    }
    return true;
  }

  #publish(error: unknown, { event, socket }: Whereabouts): void {
    if (this.#failures?.active !== true) return;
    this.#failures.publish({ error, event, socket: socket as PointSocket | null });
  }
}

type Then = (onFulfilled: undefined, onRejected: (error: unknown) => void) => unknown;

/** The method that makes a value a promise. */
function thenOf(result: unknown): Then | undefined {
  if (typeof result !== "object" || result === null) return undefined;
  const { then } = result as { then?: unknown };
  return typeof then === "function" ? (then as Then) : undefined;
}

/** Makes an error an unhandled rejection. */
function reject(error: unknown): void {
  void Promise.reject(error);
}
