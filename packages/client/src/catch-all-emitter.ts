// Listeners for every event of a socket.

import type { Listener } from "@sockeye/events";
import { SafeEmitter, without } from "./safe-emitter.ts";

/** An emitter with listeners for all events that arrive, and for all that are sent. */
export abstract class CatchAllEmitter extends SafeEmitter {
  protected incoming: readonly Listener[] = [];
  protected outgoing: readonly Listener[] = [];

  /** Adds a listener for every incoming event. */
  onAny(listener: Listener): this {
    this.incoming = [...this.incoming, listener];
    return this;
  }

  /** Adds a listener for every incoming event in front of the others. */
  prependAny(listener: Listener): this {
    this.incoming = [listener, ...this.incoming];
    return this;
  }

  /** Removes a listener for every incoming event, or all of them. */
  offAny(listener?: Listener): this {
    this.incoming = without(this.incoming, listener);
    return this;
  }

  listenersAny(): Listener[] {
    return [...this.incoming];
  }

  /** Adds a listener for every outgoing event, called when it is sent. Acknowledgements are not events. */
  onAnyOutgoing(listener: Listener): this {
    this.outgoing = [...this.outgoing, listener];
    return this;
  }

  /** Adds a listener for every outgoing event in front of the others. */
  prependAnyOutgoing(listener: Listener): this {
    this.outgoing = [listener, ...this.outgoing];
    return this;
  }

  /** Removes a listener for every outgoing event, or all of them. */
  offAnyOutgoing(listener?: Listener): this {
    this.outgoing = without(this.outgoing, listener);
    return this;
  }

  listenersAnyOutgoing(): Listener[] {
    return [...this.outgoing];
  }
}
