// Event maps: how an application declares its events, and the listener methods typed by them.
// Types only; knows neither server nor client. Acknowledgements are in acknowledgements.ts.

/** A listener signature by event name. Interfaces without an index signature fit as well. */
export interface EventsMap {
  // biome-ignore lint/suspicious/noExplicitAny: only an index signature of `any` accepts an interface that declares its events one by one.
  [event: string]: any;
}

/** The map of an application that declares nothing: any event with any arguments. */
export interface DefaultEventsMap {
  // biome-ignore lint/suspicious/noExplicitAny: undeclared arguments may have any type.
  [event: string]: (...args: any[]) => void;
}

/** The map without any event. */
export type NoEvents = Record<never, never>;

/** Names of the events of a map. */
export type EventNames<Events extends EventsMap> = keyof Events & (string | symbol);

/** Arguments of one event of a map. */
export type EventParams<Events extends EventsMap, Ev extends EventNames<Events>> = Parameters<
  Events[Ev]
>;

/** Arguments of the event `message`, which `send` emits; nothing can be sent when the map has no such event. */
export type MessageParams<Events extends EventsMap> =
  "message" extends EventNames<Events> ? EventParams<Events, "message"> : never;

/** Names of the library's own events and of the application's. */
export type ReservedOrUserEventNames<
  ReservedEvents extends EventsMap,
  UserEvents extends EventsMap,
> = EventNames<ReservedEvents> | EventNames<UserEvents>;

/** The listener of an event; the library's own events go before the application's. */
export type ReservedOrUserListener<
  ReservedEvents extends EventsMap,
  UserEvents extends EventsMap,
  Ev extends ReservedOrUserEventNames<ReservedEvents, UserEvents>,
> = FallbackToUntypedListener<
  Ev extends EventNames<ReservedEvents>
    ? ReservedEvents[Ev]
    : Ev extends EventNames<UserEvents>
      ? UserEvents[Ev]
      : never
>;

/** `T`, or a listener with any arguments when there is no `T`. */
export type FallbackToUntypedListener<T> = [T] extends [never]
  ? // biome-ignore lint/suspicious/noExplicitAny: nothing is known of the event.
    (...args: any[]) => void | Promise<void>
  : T;

/** A listener of any event: a name and its arguments, or arguments alone. */
// biome-ignore lint/suspicious/noExplicitAny: a listener may declare any parameters; `unknown` would refuse them all.
export type UntypedListener = (...args: any[]) => void;

/** Listener methods whose arguments follow from the events. */
export interface TypedListening<ListenEvents extends EventsMap, ReservedEvents extends EventsMap> {
  /**
   * Adds a listener. Listeners are called in the order in which they were added.
   * @throws TypeError when the listener is not a function
   * @example socket.on("hello", (name, answer) => answer(`hello ${name}`));
   */
  on<Ev extends ReservedOrUserEventNames<ReservedEvents, ListenEvents>>(
    event: Ev,
    listener: ReservedOrUserListener<ReservedEvents, ListenEvents, Ev>,
  ): this;
  /**
   * Adds a listener that is called once.
   * @throws TypeError when the listener is not a function
   * @example socket.once("ready", () => start());
   */
  once<Ev extends ReservedOrUserEventNames<ReservedEvents, ListenEvents>>(
    event: Ev,
    listener: ReservedOrUserListener<ReservedEvents, ListenEvents, Ev>,
  ): this;
  /**
   * Returns the listeners of an event, in the order in which they are called.
   * @example const [first] = socket.listeners("hello");
   */
  listeners<Ev extends ReservedOrUserEventNames<ReservedEvents, ListenEvents>>(
    event: Ev,
  ): ReservedOrUserListener<ReservedEvents, ListenEvents, Ev>[];
}

/** Catch-all listeners of what is received, in the order in which they are added. */
export interface IncomingCatchAllListening {
  /**
   * Adds a catch-all listener, called with every incoming event: its name, then its arguments.
   * @example socket.onAny((event, ...args) => console.log(event, args));
   */
  onAny(listener: UntypedListener): this;
  /**
   * Removes a catch-all listener, or all of them when none is named.
   * @example socket.offAny(listener);
   */
  offAny(listener?: UntypedListener): this;
  /**
   * Returns the catch-all listeners of incoming events.
   * @example console.log(socket.listenersAny().length);
   */
  listenersAny(): UntypedListener[];
}

/** Catch-all listeners, of either direction. */
export interface CatchAllListening extends IncomingCatchAllListening {
  /**
   * Adds a catch-all listener that is called before the existing ones.
   * @example socket.prependAny((event, ...args) => console.log(event, args));
   */
  prependAny(listener: UntypedListener): this;
  /**
   * Adds a catch-all listener of sent events, called with the name, then the arguments. Acknowledgements are not
   * events.
   * @example socket.onAnyOutgoing((event, ...args) => console.log(event, args));
   */
  onAnyOutgoing(listener: UntypedListener): this;
  /**
   * Adds a catch-all listener of sent events that is called before the existing ones.
   * @example socket.prependAnyOutgoing((event, ...args) => console.log(event, args));
   */
  prependAnyOutgoing(listener: UntypedListener): this;
  /**
   * Removes a catch-all listener of sent events, or all of them when none is named.
   * @example socket.offAnyOutgoing(listener);
   */
  offAnyOutgoing(listener?: UntypedListener): this;
  /**
   * Returns the catch-all listeners of sent events.
   * @example console.log(socket.listenersAnyOutgoing().length);
   */
  listenersAnyOutgoing(): UntypedListener[];
}

/** An object through which events can be emitted. */
export interface TypedEventBroadcaster<EmitEvents extends EventsMap> {
  /**
   * Sends an event. A function as last argument is called with the answer, or the answers when there are several
   * receivers.
   * @returns `true`
   * @throws Error `ERR_RESERVED_EVENT` when the library uses the event name itself
   * @throws TypeError when an argument cannot be serialised, such as circular data
   * @example socket.emit("hello", "world", (answer) => console.log(answer));
   */
  emit<Ev extends EventNames<EmitEvents>>(event: Ev, ...args: EventParams<EmitEvents, Ev>): boolean;
}

/** An emitter that sends one set of events and receives another, besides the library's own. */
export interface StrictEventEmitter<
  ListenEvents extends EventsMap,
  EmitEvents extends EventsMap,
  ReservedEvents extends EventsMap = NoEvents,
> extends TypedListening<ListenEvents, ReservedEvents>,
    TypedEventBroadcaster<EmitEvents> {}
