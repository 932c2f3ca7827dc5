// The only place that runs user code. Its errors never reach the engine, another listener or another client: they are
// passed to `onListenerError` when it is set, and are uncaught otherwise (Socket.IO's behaviour).

import { callEntry, type Entry, isList, type Listener, type Listeners } from "@sockeye/events";
import type { CoreDiagnostics, PointSocket } from "./diagnostics.ts";
import type { ListenerErrorHandler, UserCodeKind } from "./options.ts";

/** The call site of user code: `this` for the callee, and the arguments of the error handler. */
export interface CallSite {
  readonly target: object | null;
  readonly socket: object | null;
  readonly event: string;
  /** Default `listener`. */
  readonly kind?: UserCodeKind;
}

/** A call whose caller waits for an answer, given by a callback among the arguments. */
export interface Question {
  readonly callback: Listener;
  readonly args: readonly unknown[];
  /**
   * Answers when the function throws or rejects. Returns whether that answer reports the error, which then is not
   * rethrown when there is no error handler.
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
  raise(listeners: Listeners, args: readonly unknown[], site: CallSite): boolean {
    const entries = listeners.snapshot(site.event);
    if (entries === undefined) return false;
    if (!isList(entries)) this.#callEntry(entries, args, site);
    else for (const entry of entries) this.#callEntry(entry, args, site);
    return true;
  }

  /** As `raise`; the first error that a listener throws is returned instead of reported. */
  attempt(
    listeners: Listeners,
    args: readonly unknown[],
    site: CallSite,
  ): { readonly error: unknown } | null {
    let first: { readonly error: unknown } | null = null;
    for (const entry of listeners.entries(site.event)) {
      try {
        const result = callEntry(entry, site.target as object, args);
        if (this.#onError !== undefined) this.#watch(result, site);
      } catch (error) {
        if (first === null) first = { error };
        else this.failed(error, site);
      }
    }
    return first;
  }

  /** Calls one function. */
  call(callback: Listener, args: readonly unknown[], site: CallSite): void {
    try {
      const result: unknown = Reflect.apply(callback, site.target, args);
      if (this.#onError !== undefined) this.#watch(result, site);
    } catch (error) {
      this.failed(error, site);
    }
  }

  /**
   * Calls a function whose caller waits for an answer. When it fails, `onFailed` is called once, and the error handler
   * receives the error. Without one, a thrown error is uncaught and a rejection unhandled, as in a direct call.
   */
  ask({ callback, args, onFailed }: Question, site: CallSite): void {
    const failed = (error: unknown, resurface: (error: unknown) => void): void => {
      let isReported = false;
      try {
        isReported = onFailed(error);
      } finally {
        if (this.#onError !== undefined) this.failed(error, site);
        else {
          this.#publish(error, site);
          if (!isReported) resurface(error);
        }
      }
    };
    try {
      const result: unknown = Reflect.apply(callback, site.target, args);
      const then = thenOf(result);
      then?.call(result, undefined, (error) => failed(error, reject));
    } catch (error) {
      failed(error, this.#surface);
    }
  }

  #callEntry(entry: Entry, args: readonly unknown[], site: CallSite): void {
    try {
      const result = callEntry(entry, site.target as object, args);
      if (this.#onError !== undefined) this.#watch(result, site);
    } catch (error) {
      this.failed(error, site);
    }
  }

  /** Reports the rejection of a promise that the application receives, when there is an error handler. */
  watch(result: unknown, site: CallSite): void {
    if (this.#onError !== undefined) this.#watch(result, site);
  }

  #watch(result: unknown, site: CallSite): void {
    thenOf(result)?.call(result, undefined, (error) => this.failed(error, site));
  }

  /** Reports an error of user code: to `onListenerError`, or as an uncaught error. */
  failed(error: unknown, site: CallSite): void {
    if (!this.take(error, site)) this.#surface(error);
  }

  /** Passes an error to `onListenerError`; returns `false` when it is not set, and the caller must handle the error. */
  take(error: unknown, site: CallSite): boolean {
    const { event, kind = "listener", socket } = site;
    this.#publish(error, site);
    if (this.#onError === undefined) return false;
    try {
      this.#onError(error, socket, event, kind);
    } catch (second) {
      this.#surface(second);
    }
    return true;
  }

  #publish(error: unknown, { event, kind = "listener", socket }: CallSite): void {
    if (this.#failures?.active !== true) return;
    this.#failures.publish({ error, event, kind, socket: socket as PointSocket | null });
  }
}

type Then = (onFulfilled: undefined, onRejected: (error: unknown) => void) => unknown;

/** The `then` method of a promise or thenable. */
function thenOf(result: unknown): Then | undefined {
  if (typeof result !== "object" || result === null) return undefined;
  const { then } = result as { then?: unknown };
  return typeof then === "function" ? (then as Then) : undefined;
}

/** Makes an error an unhandled rejection. */
function reject(error: unknown): void {
  void Promise.reject(error);
}
