// Listener methods on the client, all of which know the events.

import type {
  EventsMap,
  ReservedOrUserEventNames,
  ReservedOrUserListener,
  TypedListening,
} from "@sockeye/events";

/** Listener methods of sockets and managers. */
export interface ClientListening<ListenEvents extends EventsMap, ReservedEvents extends EventsMap>
  extends TypedListening<ListenEvents, ReservedEvents> {
  /**
   * Removes one listener; without one, all listeners of the event; without an event, all.
   * @returns the emitter
   * @example socket.off("news", onNews);
   */
  off<Ev extends ReservedOrUserEventNames<ReservedEvents, ListenEvents>>(
    event?: Ev,
    listener?: ReservedOrUserListener<ReservedEvents, ListenEvents, Ev>,
  ): this;
  /**
   * The same as `off`.
   * @example socket.removeListener("news", onNews);
   */
  removeListener<Ev extends ReservedOrUserEventNames<ReservedEvents, ListenEvents>>(
    event?: Ev,
    listener?: ReservedOrUserListener<ReservedEvents, ListenEvents, Ev>,
  ): this;
  /**
   * Removes all listeners of an event; without an event, all.
   * @returns the emitter
   * @example socket.removeAllListeners("news");
   */
  removeAllListeners<Ev extends ReservedOrUserEventNames<ReservedEvents, ListenEvents>>(
    event?: Ev,
  ): this;
  /**
   * Whether an event has listeners.
   * @example if (!socket.hasListeners("news")) socket.on("news", onNews);
   */
  hasListeners<Ev extends ReservedOrUserEventNames<ReservedEvents, ListenEvents>>(
    event: Ev,
  ): boolean;
}
