// The listener methods of a socket, on either side: listeners by event, and catch-all listeners for both directions.

import { CatchAll } from "./catch-all.ts";
import { Emitter } from "./emitter.ts";
import type { Listener } from "./listeners.ts";

/** Listener methods with the `onAny` family. Nothing is allocated until the first catch-all listener. */
export abstract class SocketEmitter extends Emitter {
  protected incoming: CatchAll | null = null;
  protected outgoing: CatchAll | null = null;

  /** Adds a listener of every incoming event, called with its name and arguments. */
  onAny(listener: Listener): this {
    this.incoming ??= new CatchAll();
    this.incoming.append(listener);
    return this;
  }

  /** As `onAny`, before the existing listeners. */
  prependAny(listener: Listener): this {
    this.incoming ??= new CatchAll();
    this.incoming.prepend(listener);
    return this;
  }

  /** Removes one catch-all listener, or all. */
  offAny(listener?: Listener): this {
    this.incoming?.remove(listener);
    return this;
  }

  listenersAny(): Listener[] {
    return [...(this.incoming?.list() ?? [])];
  }

  /** Adds a listener of every sent event, called with its name and arguments. Acknowledgements are not events. */
  onAnyOutgoing(listener: Listener): this {
    this.outgoing ??= new CatchAll();
    this.outgoing.append(listener);
    return this;
  }

  /** As `onAnyOutgoing`, before the existing listeners. */
  prependAnyOutgoing(listener: Listener): this {
    this.outgoing ??= new CatchAll();
    this.outgoing.prepend(listener);
    return this;
  }

  /** Removes one catch-all listener, or all. */
  offAnyOutgoing(listener?: Listener): this {
    this.outgoing?.remove(listener);
    return this;
  }

  listenersAnyOutgoing(): Listener[] {
    return [...(this.outgoing?.list() ?? [])];
  }
}
