// The only place that runs user code. What it throws never reaches the engine, another listener or another peer:
// it goes to `onListenerError` when there is one, and surfaces as uncaught otherwise (Socket.IO's behaviour).

import type { Listener, Listeners } from "@sockeye/events";
import type { ListenerErrorHandler } from "./options.ts";
import type { Socket } from "./socket.ts";

/** Where user code is called from: `this` for the callee, and what the error handler is told. */
export interface Whereabouts {
  readonly target: object | null;
  readonly socket: Socket | null;
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
    for (let at = 0; at < entries.length; at++) {
      const entry = entries[at];
      if (entry === undefined) continue;
      try {
        const result = listeners.call(entry, whereabouts.target as object, args);
        if (this.#onError !== undefined) this.#watch(result, whereabouts);
      } catch (error) {
        this.#failed(error, whereabouts);
      }
    }
    return entries.length > 0;
  }

  /** Calls one function. */
  call(callback: Listener, args: readonly unknown[], whereabouts: Whereabouts): void {
    try {
      const result: unknown = Reflect.apply(callback, whereabouts.target, args);
      if (this.#onError !== undefined) this.#watch(result, whereabouts);
    } catch (error) {
      this.#failed(error, whereabouts);
    }
  }

  #watch(result: unknown, whereabouts: Whereabouts): void {
    if (typeof result !== "object" || result === null) return;
    const { then } = result as { then?: unknown };
    if (typeof then !== "function") return;
    then.call(result, undefined, (error: unknown) => this.#failed(error, whereabouts));
  }

  #failed(error: unknown, whereabouts: Whereabouts): void {
    if (this.#onError === undefined) {
      this.#surface(error);
      return;
    }
    try {
      this.#onError(error, whereabouts.socket, whereabouts.event);
    } catch (second) {
      this.#surface(second);
    }
  }
}
