// The emitter of what users hold here. Smaller than Node's, which @sockeye/events has for the server: every page loads this.
// A listener that throws harms nobody else.

import type { EventKey, Listener } from "@sockeye/events";
import { clientTypeError } from "./errors.ts";

/** A listener as it is kept: one added by `once` is wrapped, and carries the user's own. */
type Kept = Listener & { listener?: Listener };

/** Calls user code. An error it throws surfaces as uncaught, without unwinding the library's own stack. */
export function guarded(userCode: () => void): void {
  try {
    userCode();
  } catch (error) {
    surface(error);
  }
}

/** Raises an error of user code as uncaught. */
function surface(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}

/** The list without the first instance of `listener`; empty when none is named. The given list stays as it is. */
export function without(list: readonly Kept[], listener: Listener | undefined): readonly Kept[] {
  const at = list.findIndex((kept) => kept === listener || kept.listener === listener);
  return listener ? list.filter((_, index) => index !== at) : [];
}

/** Listener methods, and events that only the library raises. */
export abstract class SafeEmitter {
  /**
   * Lists are replaced, never changed: what is being raised is not disturbed.
   * An object, so that the number 7, which may come from the wire, and "7" are the same name; without a prototype.
   */
  #byEvent: Record<EventKey, readonly Kept[]> = Object.create(null);

  /** @throws TypeError when `listener` is not a function */
  on(event: EventKey, listener: Listener): this {
    if (typeof listener !== "function") {
      throw clientTypeError("ERR_LISTENER_TYPE", "a listener must be a function");
    }
    this.#byEvent[event] = [...this.#list(event), listener];
    return this;
  }

  /** Adds a listener that is removed before its first call. */
  once(event: EventKey, listener: Listener): this {
    let isSpent = false;
    const kept: Kept = (...args) => {
      // Called already, by an event raised from within this one.
      if (isSpent) return;
      isSpent = true;
      this.off(event, kept);
      listener.apply(this, args);
    };
    kept.listener = listener;
    return this.on(event, kept);
  }

  /** Removes one listener; without one, all listeners of the event; without an event, all. */
  off(event?: EventKey, listener?: Listener): this {
    const left = event === undefined ? [] : without(this.#list(event), listener);
    if (event === undefined) this.#byEvent = Object.create(null);
    else if (left.length > 0) this.#byEvent[event] = left;
    // Names are often made for one answer each.
    else delete this.#byEvent[event];
    return this;
  }

  removeListener(event?: EventKey, listener?: Listener): this {
    return this.off(event, listener);
  }

  removeAllListeners(event?: EventKey): this {
    return this.off(event);
  }

  listeners(event: EventKey): Listener[] {
    return this.#list(event).map((kept) => kept.listener ?? kept);
  }

  hasListeners(event: EventKey): boolean {
    return this.#list(event).length > 0;
  }

  /** For the library: calls the listeners of `event`, each on its own. The typed faces do not show it. */
  raise(event: EventKey, ...args: readonly unknown[]): void {
    const list = this.#byEvent[event];
    if (list) this.callAll(list, args);
  }

  /** Calls listeners, each on its own: an error of one surfaces as uncaught. */
  protected callAll(list: readonly Listener[], args: readonly unknown[]): void {
    // As `guarded`, without a function for each call: this runs several times for each message.
    for (const listener of list) {
      try {
        listener.apply(this, args as unknown[]);
      } catch (error) {
        surface(error);
      }
    }
  }

  #list(event: EventKey): readonly Kept[] {
    return this.#byEvent[event] ?? [];
  }
}
