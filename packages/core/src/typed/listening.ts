// Listener methods on the server side: typed where Socket.IO types them, and Node's for the rest.

import type { EventsMap, TypedListening, UntypedListener } from "@sockeye/events";

/** Node's listener methods. Like Socket.IO's, only `on`, `once` and `listeners` know the events. */
export interface ServerListening<ListenEvents extends EventsMap, ReservedEvents extends EventsMap>
  extends TypedListening<ListenEvents, ReservedEvents> {
  /** Adds a listener of any event. Prefer `on`, which knows the arguments. */
  addListener(event: string | symbol, listener: UntypedListener): this;
  /** Adds a listener before those that are there. */
  prependListener(event: string | symbol, listener: UntypedListener): this;
  /** Adds a listener that hears the event once, before those that are there. */
  prependOnceListener(event: string | symbol, listener: UntypedListener): this;
  /** Removes a listener. */
  off(event: string | symbol, listener: UntypedListener): this;
  /** Removes a listener. */
  removeListener(event: string | symbol, listener: UntypedListener): this;
  /** Removes all listeners of an event, or all when none is named. */
  removeAllListeners(event?: string | symbol): this;
  /** How many listeners an event has. */
  listenerCount(event: string | symbol): number;
  /** As `listeners`; those that are for once are wrapped, and have what was added as `listener`. */
  rawListeners(event: string | symbol): UntypedListener[];
  /** There is no limit and no warning; kept for applications that set one. */
  setMaxListeners(count: number): this;
  /** `Infinity`. */
  getMaxListeners(): number;
  /** Names of the events that have listeners. */
  eventNames(): (string | symbol)[];
}
