// What a binding needs of a client's socket: the least that our clients and Socket.IO's have in common. Types only.

import type {
  AllButLast,
  EventNames,
  EventNamesWithAck,
  EventParams,
  EventsMap,
  FirstNonErrorArg,
  Last,
  ReservedOrUserEventNames,
  ReservedOrUserListener,
  UntypedListener,
} from "@sockeye/events";

/** Events of the library itself, which every client has. */
export interface ReservedEvents {
  /** The namespace has been joined, for the first time or again. */
  connect: () => void;
  /** The connection failed, or the server refused the socket. */
  connect_error: (error: Error) => void;
  /** The socket is no longer in the namespace. */
  disconnect: (reason: string) => void;
}

/** A socket of any client: of `@sockeye/client` and its entries, or of `socket.io-client`. */
export interface AnySocket {
  readonly connected: boolean;
  /** Whether it is connected, or connects by itself. */
  readonly active: boolean;
  connect(): unknown;
  disconnect(): unknown;
  // Whatever names and listeners a socket is typed for: `Listening` is how it is called.
  on(event: never, listener: never): unknown;
  off(event: never, listener: never): unknown;
}

/** How a binding adds and removes listeners, whose events are the application's. */
export interface Listening {
  on(event: string, listener: UntypedListener): unknown;
  off(event: string, listener: UntypedListener): unknown;
}

/** What can be emitted with, beyond `AnySocket`. Loose, because the map of events is the application's. */
export interface Emitting {
  emit(event: string, ...args: unknown[]): unknown;
  emitWithAck(event: string, ...args: unknown[]): Promise<unknown>;
  timeout(milliseconds: number): Emitting;
}

/** A socket typed by the application's events, as bindings hand it out. */
export interface BoundSocket<ListenEvents extends EventsMap, EmitEvents extends EventsMap> {
  /** Id of the socket, the same on the server; `undefined` while disconnected. */
  readonly id?: string | undefined;
  /** Whether the namespace has been joined. */
  readonly connected: boolean;
  /** Whether it is connected, or connects by itself. */
  readonly active: boolean;
  /**
   * Connects; needed after the server has refused or disconnected the socket.
   * @example socket.connect();
   */
  connect(): unknown;
  /**
   * Leaves the namespace, and does not reconnect.
   * @example socket.disconnect();
   */
  disconnect(): unknown;
  /**
   * Adds a listener. In a component prefer the binding's own function, which removes it as well.
   * @example socket.on("said", show);
   */
  on<Ev extends ReservedOrUserEventNames<ReservedEvents, ListenEvents>>(
    event: Ev,
    listener: ReservedOrUserListener<ReservedEvents, ListenEvents, Ev>,
  ): unknown;
  /**
   * Removes a listener.
   * @example socket.off("said", show);
   */
  off<Ev extends ReservedOrUserEventNames<ReservedEvents, ListenEvents>>(
    event: Ev,
    listener: ReservedOrUserListener<ReservedEvents, ListenEvents, Ev>,
  ): unknown;
  /**
   * Sends an event; keeps it until there is a connection.
   * @example socket.emit("say", "hello");
   */
  emit<Ev extends EventNames<EmitEvents>>(event: Ev, ...args: EventParams<EmitEvents, Ev>): unknown;
  /**
   * Sends an event that is acknowledged, and resolves to the acknowledgement.
   * @example const { id } = await socket.emitWithAck("say", "hello");
   */
  emitWithAck<Ev extends EventNamesWithAck<EmitEvents>>(
    event: Ev,
    ...args: AllButLast<EventParams<EmitEvents, Ev>>
  ): Promise<FirstNonErrorArg<Last<EventParams<EmitEvents, Ev>>>>;
}
