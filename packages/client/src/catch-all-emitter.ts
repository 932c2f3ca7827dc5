// Listeners for every event of a socket.

import type { Listener } from "@sockeye/events";
import { SafeEmitter } from "./safe-emitter.ts";

/** Under these names are the listeners for all events that arrive, and for all that are sent. */
export const INCOMING: unique symbol = Symbol();
export const OUTGOING: unique symbol = Symbol();

/** An emitter with listeners for all events that arrive, and for all that are sent. */
export abstract class CatchAllEmitter extends SafeEmitter {
  /** Adds a listener for every incoming event. */
  onAny(listener: Listener): this {
    return this.keep(INCOMING, [...this.kept(INCOMING), listener]);
  }

  /** Adds a listener for every incoming event in front of the others. */
  prependAny(listener: Listener): this {
    return this.keep(INCOMING, [listener, ...this.kept(INCOMING)]);
  }

  /** Removes a listener for every incoming event, or all of them. */
  offAny(listener?: Listener): this {
    return this.off(INCOMING, listener);
  }

  listenersAny(): Listener[] {
    return this.listeners(INCOMING);
  }

  /** Adds a listener for every outgoing event, called when it is sent. Acknowledgements are not events. */
  onAnyOutgoing(listener: Listener): this {
    return this.keep(OUTGOING, [...this.kept(OUTGOING), listener]);
  }

  /** Adds a listener for every outgoing event in front of the others. */
  prependAnyOutgoing(listener: Listener): this {
    return this.keep(OUTGOING, [listener, ...this.kept(OUTGOING)]);
  }

  /** Removes a listener for every outgoing event, or all of them. */
  offAnyOutgoing(listener?: Listener): this {
    return this.off(OUTGOING, listener);
  }

  listenersAnyOutgoing(): Listener[] {
    return this.listeners(OUTGOING);
  }
}
