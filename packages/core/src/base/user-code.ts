// The only place that runs user code. What it throws never reaches the engine, another listener or another peer:
// it goes to `onListenerError` when there is one, and surfaces as uncaught otherwise (Socket.IO's behaviour).

import { callEntry, type Entry, isList, type Listener, type Listeners } from "@sockeye/events";
import type { ListenerErrorHandler } from "./options.ts";

/** Where user code is called from: `this` for the callee, and what the error handler is told. */
export interface Whereabouts {
  readonly target: object | null;
  readonly socket: object | null;
  readonly event: string;
}

/** Runs listeners, middleware and acknowledgement callbacks. */
export class UserCode {
  readonly #onError: ListenerErrorHandler | undefined;
  readonly #surface: (error: unknown) => void;

  /** `surface` makes an error uncaught, outside the current stack. */
  constructor(onError: ListenerErrorHandler | undefined, surface: (error: unknown) => void) {
    this.#onError = onError;
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

  #callEntry(entry: Entry, args: readonly unknown[], whereabouts: Whereabouts): void {
    try {
      const result = callEntry(entry, whereabouts.target as object, args);
      if (this.#onError !== undefined) this.#watch(result, whereabouts);
    } catch (error) {
      this.failed(error, whereabouts);
    }
  }

  #watch(result: unknown, whereabouts: Whereabouts): void {
    if (typeof result !== "object" || result === null) return;
    const { then } = result as { then?: unknown };
    if (typeof then !== "function") return;
    then.call(result, undefined, (error: unknown) => this.failed(error, whereabouts));
  }

  /** Reports what code of the application threw: to `onListenerError`, or as an uncaught error. */
  failed(error: unknown, whereabouts: Whereabouts): void {
    if (!this.take(error, whereabouts)) this.#surface(error);
  }

  /** Gives an error to `onListenerError`; returns `false` when there is none, and the error is the caller's. */
  take(error: unknown, { event, socket }: Whereabouts): boolean {
    if (this.#onError === undefined) return false;
    try {
      this.#onError(error, socket, event);
    } catch (second) {
      this.#surface(second);
    }
    return true;
  }
}
