// The typed faces of server, namespace and socket. In one file because each names the others.

import type { Adapter, Room, SocketId } from "@sockeye/adapter";
import type {
  AllButLast,
  CatchAllListening,
  DecorateAcknowledgements,
  DefaultEventsMap,
  EventNamesWithAck,
  EventParams,
  EventsMap,
  FirstNonErrorArg,
  Last,
  MessageParams,
  TypedEventBroadcaster,
} from "@sockeye/events";
import type { AdapterFactory } from "../base/options.ts";
import type { Addressing, BroadcastOperator, ToMany } from "./broadcast-operator.ts";
import type { Everybody } from "./everybody.ts";
import type { HostConnection, HostHandshake, HostRequest } from "./host-types.ts";
import type { ServerListening } from "./listening.ts";
import type { SocketReservedEvents } from "./reserved-events.ts";

/** Events of a namespace. */
export interface NamespaceReservedEvents<
  ListenEvents extends EventsMap,
  EmitEvents extends EventsMap,
  ServerSideEvents extends EventsMap,
  SocketData,
> {
  /** The same as `connection`, raised before it. */
  connect: (socket: Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>) => void;
  /** A socket has joined the namespace. */
  connection: (socket: Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>) => void;
}

/** Events of the server, which are those of its main namespace. */
export interface ServerReservedEvents<
  ListenEvents extends EventsMap,
  EmitEvents extends EventsMap,
  ServerSideEvents extends EventsMap,
  SocketData,
> extends NamespaceReservedEvents<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {
  /** A namespace has been created. */
  new_namespace: (
    namespace: Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>,
  ) => void;
}

/**
 * Namespaces and what runs through them. Emitter methods and broadcasts go to the main namespace.
 *
 * @typeParam ListenEvents - what clients send
 * @typeParam EmitEvents - what clients hear
 * @typeParam ServerSideEvents - what servers send each other
 * @typeParam SocketData - what the application keeps in `socket.data`
 */
export interface Server<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  // biome-ignore lint/suspicious/noExplicitAny: Socket.IO's default; an application that declares nothing reads any member.
  SocketData = any,
> extends Everybody<
      EmitEvents,
      ServerSideEvents,
      SocketData,
      Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>
    >,
    ServerListening<
      ServerSideEvents,
      ServerReservedEvents<ListenEvents, EmitEvents, ServerSideEvents, SocketData>
    > {
  /** The main namespace, `/`. */
  readonly sockets: Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>;
  /**
   * A pattern from which namespaces are created when peers ask for them.
   * `onConnection` is added to the listeners, which the created namespaces take over.
   */
  of<
    NamespaceListenEvents extends EventsMap = ListenEvents,
    NamespaceEmitEvents extends EventsMap = EmitEvents,
    NamespaceServerSideEvents extends EventsMap = ServerSideEvents,
    NamespaceSocketData = SocketData,
  >(
    pattern: RegExp | NamespaceMatcher,
    onConnection?: (
      socket: Socket<
        NamespaceListenEvents,
        NamespaceEmitEvents,
        NamespaceServerSideEvents,
        NamespaceSocketData
      >,
    ) => void,
  ): ParentNamespace<
    NamespaceListenEvents,
    NamespaceEmitEvents,
    NamespaceServerSideEvents,
    NamespaceSocketData
  >;
  /**
   * The namespace of this name, created when there is none yet; `onConnection` is added to its listeners.
   * A missing leading slash is added. The namespace may have events of its own, which default to the server's.
   * @example const admin = io.of<AdminToServer, ServerToAdmin>("/admin");
   */
  of<
    NamespaceListenEvents extends EventsMap = ListenEvents,
    NamespaceEmitEvents extends EventsMap = EmitEvents,
    NamespaceServerSideEvents extends EventsMap = ServerSideEvents,
    NamespaceSocketData = SocketData,
  >(
    name: string | RegExp | NamespaceMatcher,
    onConnection?: (
      socket: Socket<
        NamespaceListenEvents,
        NamespaceEmitEvents,
        NamespaceServerSideEvents,
        NamespaceSocketData
      >,
    ) => void,
  ): Namespace<
    NamespaceListenEvents,
    NamespaceEmitEvents,
    NamespaceServerSideEvents,
    NamespaceSocketData
  >;
  /** The factory of adapters. */
  adapter(): AdapterFactory;
  /** Sets the factory of adapters, and renews the adapters of existing namespaces. */
  adapter(factory: AdapterFactory): this;
  /** Milliseconds within which a peer must join a namespace. */
  connectTimeout(): number;
  /** Sets the milliseconds within which a peer must join a namespace. */
  connectTimeout(timeout: number): this;
}

/**
 * A communication channel over shared connections.
 *
 * @typeParam ListenEvents - what clients send
 * @typeParam EmitEvents - what clients hear
 * @typeParam ServerSideEvents - what servers send each other
 * @typeParam SocketData - what the application keeps in `socket.data`
 */
export interface Namespace<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  // biome-ignore lint/suspicious/noExplicitAny: Socket.IO's default; an application that declares nothing reads any member.
  SocketData = any,
> extends Everybody<
      EmitEvents,
      ServerSideEvents,
      SocketData,
      Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>
    >,
    ServerListening<
      ServerSideEvents,
      NamespaceReservedEvents<ListenEvents, EmitEvents, ServerSideEvents, SocketData>
    > {
  readonly name: string;
  /** The sockets that have joined, by id. */
  readonly sockets: Map<SocketId, Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>>;
  /** Decides who receives what. Raises `create-room`, `delete-room`, `join-room` and `leave-room`. */
  readonly adapter: Adapter;
  readonly server: Server<ListenEvents, EmitEvents, ServerSideEvents, SocketData>;
}

/** Decides whether a namespace of this name may be created: `next(null, true)` allows it. */
export type NamespaceMatcher = (
  name: string,
  // biome-ignore lint/suspicious/noExplicitAny: it is the peer's; Socket.IO types it so, and applications read members of it.
  auth: { [key: string]: any },
  next: (err: Error | null, success: boolean) => void,
) => void;

/** Stands for all namespaces that match a pattern or a function. What it emits goes to those that exist. */
export interface ParentNamespace<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  // biome-ignore lint/suspicious/noExplicitAny: as for Namespace.
  SocketData = any,
> extends Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {
  /** The namespaces created from this pattern. */
  readonly children: ReadonlySet<Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>>;
}

/** An incoming event: its name, then its arguments. */
// biome-ignore lint/suspicious/noExplicitAny: the peer decides what it sends; middleware of applications reads members of it.
export type Event = [eventName: string, ...args: any[]];

/** Hears incoming events before their listeners; an error, or a rejection, keeps the event from them. */
export type SocketMiddleware =
  | ((event: Event, next: (err?: Error) => void) => void)
  | ((event: Event, next: (err?: Error) => void) => Promise<void>);

/**
 * A peer in one namespace.
 *
 * @typeParam ListenEvents - what the client sends
 * @typeParam EmitEvents - what the client hears
 * @typeParam ServerSideEvents - what servers send each other
 * @typeParam SocketData - what the application keeps in `data`
 */
export interface Socket<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  // biome-ignore lint/suspicious/noExplicitAny: Socket.IO's default; an application that declares nothing reads any member.
  SocketData = any,
> extends ServerListening<ListenEvents, SocketReservedEvents>,
    CatchAllListening,
    TypedEventBroadcaster<EmitEvents>,
    Addressing<ToMany<EmitEvents>, SocketData> {
  /** Unique per namespace and connection; also the name of the socket's own room. */
  readonly id: SocketId;
  readonly nsp: Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>;
  readonly server: Server<ListenEvents, EmitEvents, ServerSideEvents, SocketData>;
  /** The connection that this socket shares with the peer's other namespaces. */
  readonly client: { readonly conn: HostConnection; readonly request: HostRequest };
  /** The engine connection underneath. */
  readonly conn: HostConnection;
  /** The request that opened the connection, as the platform knows it. */
  readonly request: HostRequest;
  readonly handshake: HostHandshake;
  /** Whether the state of an earlier connection was restored. */
  readonly recovered: boolean;
  readonly connected: boolean;
  readonly disconnected: boolean;
  /** The rooms the socket is in; its own id is one of them. */
  readonly rooms: Set<Room>;
  /** Whatever the application wants to keep with the socket. */
  data: SocketData;
  /** Everybody else in the namespace. */
  readonly broadcast: BroadcastOperator<ToMany<EmitEvents>, SocketData>;
  /** Everybody else in the namespace, on this server only. */
  readonly local: BroadcastOperator<ToMany<EmitEvents>, SocketData>;
  /** The next event is dropped if it cannot leave at once. */
  readonly volatile: this;
  /** Whether the next event may be compressed. */
  compress(compress: boolean): this;
  /** Milliseconds that the next event waits for its acknowledgement, whose callback then takes an error first. */
  timeout(
    timeout: number,
  ): Socket<ListenEvents, DecorateAcknowledgements<EmitEvents>, ServerSideEvents, SocketData>;
  /**
   * Sends an event and resolves with the first argument of the answer. Rejects when the socket disconnects,
   * and after `timeout()` when the time is up.
   * @example const answer = await socket.timeout(1000).emitWithAck("question", "how are you?");
   */
  emitWithAck<Ev extends EventNamesWithAck<EmitEvents>>(
    event: Ev,
    ...args: AllButLast<EventParams<EmitEvents, Ev>>
  ): Promise<FirstNonErrorArg<Last<EventParams<EmitEvents, Ev>>>>;
  /** Emits `message`. */
  send(...args: MessageParams<EmitEvents>): this;
  /** Emits `message`. */
  write(...args: MessageParams<EmitEvents>): this;
  /** Joins rooms. Does nothing after the socket has disconnected. */
  join(rooms: Room | Room[]): Promise<void> | void;
  /** Leaves a room. */
  leave(room: Room): Promise<void> | void;
  /** Disconnects from the namespace; with `close`, ends the whole connection. */
  disconnect(close?: boolean): this;
  /** Adds a function that hears every incoming event before its listeners. */
  use(middleware: SocketMiddleware): this;
}
