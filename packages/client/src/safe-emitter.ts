// The emitter of what users hold here. Smaller than Node's, which @sockeye/events has for the server: every page loads this.
// A listener that throws harms no other one.

import type { EventKey, Listener } from "@sockeye/events";
import { clientTypeError } from "./errors.ts";

/** A listener as it is kept: one added by `once` is wrapped, and carries the user's own. */
type Kept = Listener & { listener?: Listener };

const NONE: readonly Kept[] = [];

/** Calls user code. An error it throws surfaces as uncaught, without unwinding the library's own stack. */
export function guarded(userCode: Listener, ...args: unknown[]): void {
  try {
    userCode(...args);
  } catch (error) {
    surface(error);
  }
}

/** Raises an error of user code as uncaught. */
export function surface(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}

/** Listener methods, and events that only the library raises. */
export abstract class SafeEmitter {
  /**
   * Lists are replaced, never changed: what is being raised is not disturbed.
   * An object, so that the number 7, which may come from the wire, and "7" are the same name; without a prototype.
   * Under symbols are lists that belong to no event.
   */
  readonly #lists: Record<EventKey, readonly Kept[]> = Object.create(null);

  /** @throws TypeError when `listener` is not a function */
  on(event: EventKey, listener: Listener): this {
    if (typeof listener !== "function") {
      throw clientTypeError("ERR_LISTENER_TYPE", "a listener must be a function");
    }
    return this.keep(event, [...this.kept(event), listener]);
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
    // Without those under symbols.
    for (const name of event === undefined ? Object.keys(this.#lists) : [event]) {
      const list = this.kept(name);
      const at = list.findIndex((each) => each === listener || each.listener === listener);
      this.keep(name, listener ? list.filter((_, index) => index !== at) : NONE);
    }
    return this;
  }

  removeListener(event?: EventKey, listener?: Listener): this {
    return this.off(event, listener);
  }

  removeAllListeners(event?: EventKey): this {
    return this.off(event);
  }

  listeners(event: EventKey): Listener[] {
    return this.kept(event).map((each) => each.listener ?? each);
  }

  hasListeners(event: EventKey): boolean {
    return this.kept(event).length > 0;
  }

  /** For the library: calls the listeners of `event`, each on its own. The typed faces do not show it. */
  raise(event: EventKey, ...args: readonly unknown[]): void {
    // Without a function for each call: this runs several times for each message.
    for (const listener of this.kept(event)) {
      try {
        listener.apply(this, args as unknown[]);
      } catch (error) {
        surface(error);
      }
    }
  }

  /** The list under a name or symbol. */
  protected kept(event: EventKey): readonly Kept[] {
    return this.#lists[event] ?? NONE;
  }

  /** Replaces a list. */
  protected keep(event: EventKey, list: readonly Kept[]): this {
    if (list.length > 0) this.#lists[event] = list;
    // Names are often made for one answer each.
    else delete this.#lists[event];
    return this;
  }
}
