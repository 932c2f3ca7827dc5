// The emitter base of what users hold here: raises events so that a throwing listener harms nobody else.

import { Emitter, type EventKey } from "@sockeye/events";

/** Calls user code. An error it throws surfaces as uncaught, without unwinding the library's own stack. */
export function guarded(userCode: () => void): void {
  try {
    userCode();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}

/** Listener methods, and events that only the subclasses can raise. */
export abstract class SafeEmitter extends Emitter {
  /** Calls the listeners of `event`. The first one that throws ends the round; its error surfaces as uncaught. */
  protected raise(event: EventKey, ...args: readonly unknown[]): void {
    guarded(() => {
      this.listenersByEvent.raise(this, event, args);
    });
  }
}
