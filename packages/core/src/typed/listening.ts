// Listener methods on the server side: typed where Socket.IO types them, and Node's for the rest.

import type { EventsMap, TypedListening, UntypedListener } from "@sockeye/events";

/** Node's listener methods. Like Socket.IO's, only `on`, `once` and `listeners` know the events. */
export interface ServerListening<ListenEvents extends EventsMap, ReservedEvents extends EventsMap>
  extends TypedListening<ListenEvents, ReservedEvents> {
  /**
   * Adds a listener of any event. Prefer `on`, which knows the arguments.
   * @throws TypeError when the listener is not a function
   * @example socket.addListener("hello", (name) => console.log(name));
   */
  addListener(event: string | symbol, listener: UntypedListener): this;
  /**
   * Adds a listener that is called before the existing ones.
   * @throws TypeError when the listener is not a function
   * @example socket.prependListener("hello", (name) => console.log(name));
   */
  prependListener(event: string | symbol, listener: UntypedListener): this;
  /**
   * Adds a listener that is called once, before the existing ones.
   * @throws TypeError when the listener is not a function
   * @example socket.prependOnceListener("hello", (name) => console.log(name));
   */
  prependOnceListener(event: string | symbol, listener: UntypedListener): this;
  /**
   * Removes a listener; one that was added several times is removed once.
   * @example socket.off("hello", listener);
   */
  off(event: string | symbol, listener: UntypedListener): this;
  /**
   * The same as `off`.
   * @example socket.removeListener("hello", listener);
   */
  removeListener(event: string | symbol, listener: UntypedListener): this;
  /**
   * Removes all listeners of an event, or of every event when none is named.
   * @example socket.removeAllListeners("hello");
   */
  removeAllListeners(event?: string | symbol): this;
  /**
   * Returns how many listeners an event has.
   * @example if (socket.listenerCount("hello") === 0) socket.on("hello", listener);
   */
  listenerCount(event: string | symbol): number;
  /**
   * Returns the listeners of an event. Those added by `once` are wrapped; `listener` of the wrapper is the function
   * that was added.
   * @example const [first] = socket.rawListeners("hello");
   */
  rawListeners(event: string | symbol): UntypedListener[];
  /**
   * Sets how many listeners an event may have before the process is warned of a possible leak (`MaxListenersExceededWarning`);
   * 0 or `Infinity` for no limit. Default 10, or what `EventEmitter.defaultMaxListeners` says.
   * @throws TypeError `ERR_INVALID_ARG_TYPE` when the count is no number
   * @throws RangeError `ERR_OUT_OF_RANGE` when it is negative
   * @example socket.setMaxListeners(100);
   */
  setMaxListeners(count: number): this;
  /**
   * Returns how many listeners an event may have before the process is warned.
   * @example socket.getMaxListeners();
   */
  getMaxListeners(): number;
  /**
   * Returns the names of the events that have listeners.
   * @example console.log(socket.eventNames());
   */
  eventNames(): (string | symbol)[];
}
