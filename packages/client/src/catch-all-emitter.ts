// Listeners for every event that a socket receives.

import type { Listener } from "@sockeye/events";
import { SafeEmitter } from "./safe-emitter.ts";

/** Under this name are the listeners for all events that arrive. */
export const INCOMING: unique symbol = Symbol();

/** An emitter with listeners for all events that arrive. */
export abstract class CatchAllEmitter extends SafeEmitter {
  /** Adds a listener for every incoming event. */
  onAny(listener: Listener): this {
    return this.on(INCOMING, listener);
  }

  /** Removes a listener for every incoming event, or all of them. */
  offAny(listener?: Listener): this {
    return this.off(INCOMING, listener);
  }

  listenersAny(): Listener[] {
    return this.listeners(INCOMING);
  }
}
