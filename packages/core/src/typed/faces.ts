// The types of server, namespace and socket as applications see them. In one file because each refers to the others.

import type { Adapter, SocketId } from "@sockeye/adapter";
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
  RelayedEvents,
  TypedEventBroadcaster,
} from "@sockeye/events";
import type { AdapterFactory } from "../base/options.ts";
import type { SocketBackPressure } from "./back-pressure.ts";
import type { BroadcastApi } from "./broadcast-api.ts";
import type { Addressing, BroadcastOperator, ToMany } from "./broadcast-operator.ts";
import type { SocketMiddleware } from "./event-middleware.ts";
import type { ServerListening } from "./listening.ts";
import type { SocketReservedEvents } from "./reserved-events.ts";
import type { SocketFacts } from "./socket-facts.ts";

/** Events of a namespace. */
export interface NamespaceReservedEvents<
  ListenEvents extends EventsMap,
  EmitEvents extends EventsMap,
  ServerSideEvents extends EventsMap,
  SocketData,
  Request = unknown,
> {
  /**
   * The same as `connection`, raised before it.
   * @example io.on("connect", (socket) => console.log(socket.id));
   */
  connect: (
    socket: Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData, Request>,
  ) => void;
  /**
   * A socket has joined the namespace.
   * @example io.on("connection", (socket) => socket.emit("hello", socket.id));
   */
  connection: (
    socket: Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData, Request>,
  ) => void;
}

/** Events of the server, which are those of its main namespace. */
export interface ServerReservedEvents<
  ListenEvents extends EventsMap,
  EmitEvents extends EventsMap,
  ServerSideEvents extends EventsMap,
  SocketData,
  Request = unknown,
> extends NamespaceReservedEvents<ListenEvents, EmitEvents, ServerSideEvents, SocketData, Request> {
  /**
   * A namespace has been created.
   * @example io.on("new_namespace", (namespace) => namespace.use(authenticated));
   */
  new_namespace: (
    namespace: Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData, Request>,
  ) => void;
}

/**
 * A Socket.IO server. Listener methods, middleware and broadcasts are those of the main namespace, `/`.
 *
 * @typeParam ListenEvents - events received from clients
 * @typeParam EmitEvents - events sent to clients
 * @typeParam ServerSideEvents - events between servers of a cluster
 * @typeParam SocketData - the type of `socket.data`
 * @typeParam Request - the HTTP request of the host
 */
export interface Server<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  // biome-ignore lint/suspicious/noExplicitAny: Socket.IO's default; an application that declares nothing reads any member.
  SocketData = any,
  Request = unknown,
> extends BroadcastApi<
      EmitEvents,
      ServerSideEvents,
      SocketData,
      Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData, Request>,
      Request
    >,
    ServerListening<
      ServerSideEvents,
      ServerReservedEvents<ListenEvents, EmitEvents, ServerSideEvents, SocketData, Request>
    > {
  /**
   * The main namespace, `/`.
   * @example io.sockets.emit("news", "the same as io.emit");
   */
  readonly sockets: Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData, Request>;
  /**
   * Registers a pattern: a namespace is created from it when a client asks for a name that matches.
   * @param pattern a regular expression, or a function that calls `next(null, true)` to allow the name
   * @param onConnection added to the listeners of `connection`, which the created namespaces copy
   * @returns the parent namespace, which represents all namespaces created from the pattern
   * @throws Error `ERR_NAMESPACE_PATTERN` when the regular expression is global or sticky
   * @example io.of(/^\/room-\d+$/).on("connection", (socket) => socket.emit("welcome", socket.nsp.name));
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
        NamespaceSocketData,
        Request
      >,
    ) => void,
  ): ParentNamespace<
    NamespaceListenEvents,
    NamespaceEmitEvents,
    NamespaceServerSideEvents,
    NamespaceSocketData,
    Request
  >;
  /**
   * Returns the namespace of this name, and creates it when there is none. The namespace may have events of its own,
   * which default to the server's.
   * @param name a missing leading slash is added
   * @param onConnection added to the listeners of `connection`
   * @throws Error `ERR_NAMESPACE_PATTERN` when given a regular expression that is global or sticky
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
        NamespaceSocketData,
        Request
      >,
    ) => void,
  ): Namespace<
    NamespaceListenEvents,
    NamespaceEmitEvents,
    NamespaceServerSideEvents,
    NamespaceSocketData,
    Request
  >;
  /**
   * Returns the adapter factory: a class, or a function that takes the namespace.
   * @example const factory = io.adapter();
   */
  adapter(): AdapterFactory;
  /**
   * Sets the adapter factory, and replaces the adapters of the existing namespaces. Their sockets join their rooms in
   * the new adapter; sessions of disconnected sockets are lost.
   * @returns the server
   * @example io.adapter(createAdapter(publisher, subscriber));
   */
  adapter(factory: AdapterFactory): this;
  /**
   * Returns the time within which a client must join its first namespace, in milliseconds. Default 45,000.
   * @example console.log(io.connectTimeout());
   */
  connectTimeout(): number;
  /**
   * Sets the time within which a client must join its first namespace. Connections that miss it are closed.
   * @param timeout milliseconds
   * @returns the server
   * @example io.connectTimeout(10_000);
   */
  connectTimeout(timeout: number): this;
}

/**
 * A named channel; all namespaces of a client share its connection.
 *
 * @typeParam ListenEvents - events received from clients
 * @typeParam EmitEvents - events sent to clients
 * @typeParam ServerSideEvents - events between servers of a cluster
 * @typeParam SocketData - the type of `socket.data`
 * @typeParam Request - the HTTP request of the host
 */
export interface Namespace<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  // biome-ignore lint/suspicious/noExplicitAny: Socket.IO's default; an application that declares nothing reads any member.
  SocketData = any,
  Request = unknown,
> extends BroadcastApi<
      EmitEvents,
      ServerSideEvents,
      SocketData,
      Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData, Request>,
      Request
    >,
    ServerListening<
      ServerSideEvents,
      NamespaceReservedEvents<ListenEvents, EmitEvents, ServerSideEvents, SocketData, Request>
    > {
  /**
   * The name, with its leading slash.
   * @example console.log(io.of("/admin").name); // "/admin"
   */
  readonly name: string;
  /**
   * The sockets that have joined on this server, by id.
   * @example for (const [id, socket] of io.of("/admin").sockets) console.log(id, socket.data);
   */
  readonly sockets: Map<
    SocketId,
    Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData, Request>
  >;
  /**
   * The adapter, which decides which sockets receive a broadcast. Raises `create-room`, `delete-room`, `join-room` and
   * `leave-room`.
   * @example io.of("/").adapter.on("join-room", (room, id) => console.log(`${id} is in ${room}`));
   */
  readonly adapter: Adapter;
  /**
   * The server of the namespace.
   * @example io.of("/admin").server.emit("news", "to the main namespace");
   */
  readonly server: Server<ListenEvents, EmitEvents, ServerSideEvents, SocketData, Request>;
}

/** Decides whether a namespace of this name may be created: `next(null, true)` allows it. */
export type NamespaceMatcher = (
  name: string,
  // biome-ignore lint/suspicious/noExplicitAny: the client decides; Socket.IO types it so, and applications read members of it.
  auth: { [key: string]: any },
  next: (err: Error | null, success: boolean) => void,
) => void;

/** Represents all namespaces created from a pattern or a function. Its broadcasts go to all of them. */
export interface ParentNamespace<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  // biome-ignore lint/suspicious/noExplicitAny: as for Namespace.
  SocketData = any,
  Request = unknown,
> extends Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData, Request> {
  /**
   * The namespaces created from this pattern.
   * @example
   * const rooms = io.of(/^\/room-\d+$/);
   * for (const { name } of rooms.children) console.log(name);
   */
  readonly children: ReadonlySet<
    Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData, Request>
  >;
}

/**
 * One client in one namespace.
 *
 * @typeParam ListenEvents - events received from the client
 * @typeParam EmitEvents - events sent to the client
 * @typeParam ServerSideEvents - events between servers of a cluster
 * @typeParam SocketData - the type of `data`
 * @typeParam Request - the HTTP request of the host
 */
export interface Socket<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  // biome-ignore lint/suspicious/noExplicitAny: Socket.IO's default; an application that declares nothing reads any member.
  SocketData = any,
  Request = unknown,
> extends SocketFacts<SocketData, Request>,
    ServerListening<ListenEvents, SocketReservedEvents>,
    CatchAllListening,
    TypedEventBroadcaster<EmitEvents>,
    Addressing<ToMany<EmitEvents>, SocketData, Request>,
    SocketBackPressure {
  /**
   * The namespace that the client has joined.
   * @example socket.nsp.emit("joined", socket.id);
   */
  readonly nsp: Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData, Request>;
  /**
   * The server of the namespace.
   * @example socket.server.of("/admin").emit("joined", socket.id);
   */
  readonly server: Server<ListenEvents, EmitEvents, ServerSideEvents, SocketData, Request>;
  /**
   * Targets every other client of the namespace.
   * @example socket.broadcast.emit("joined", socket.id);
   */
  readonly broadcast: BroadcastOperator<ToMany<EmitEvents>, SocketData, Request>;
  /**
   * Targets every other client of the namespace on this server only.
   * @example socket.local.emit("joined", socket.id);
   */
  readonly local: BroadcastOperator<ToMany<EmitEvents>, SocketData, Request>;
  /**
   * Drops the next event when it cannot be sent immediately, instead of queueing it in the write buffer.
   * @example socket.volatile.emit("position", x, y);
   */
  readonly volatile: this;
  /**
   * Sets whether the next event may be compressed, where the connection has negotiated compression.
   * @param compress `true` is the default
   * @returns the socket
   * @example socket.compress(false).emit("picture", bytes);
   */
  compress(compress: boolean): this;
  /**
   * Sets how long the next event waits for its acknowledgement; its callback then takes an error first
   * (`ERR_ACK_TIMEOUT` when the time is up, `ERR_DISCONNECTED` when the socket disconnects).
   * @param timeout milliseconds; without a timeout the callback waits for ever, and gets no error
   * @returns the socket
   * @example socket.timeout(1000).emit("question", (error, answer) => console.log(error ?? answer));
   */
  timeout(
    timeout: number,
  ): Socket<
    ListenEvents,
    DecorateAcknowledgements<EmitEvents>,
    ServerSideEvents,
    SocketData,
    Request
  >;
  /**
   * Sends an event and resolves with the first argument of the answer.
   * Rejects with `ERR_DISCONNECTED` when the socket disconnects, and with `ERR_ACK_TIMEOUT` when the time of
   * `timeout()` is up.
   * @throws Error `ERR_RESERVED_EVENT` when the library uses the event name itself, `ERR_EVENT_NAME` when it is no name (thrown, not a rejection)
   * @example const answer = await socket.timeout(1000).emitWithAck("question", "how are you?");
   */
  emitWithAck<Ev extends EventNamesWithAck<EmitEvents>>(
    event: Ev,
    ...args: AllButLast<EventParams<EmitEvents, Ev>>
  ): Promise<FirstNonErrorArg<Last<EventParams<EmitEvents, Ev>>>>;
  /**
   * Emits the event `message`.
   * @returns the socket
   * @example socket.send("hello");
   */
  send(...args: MessageParams<EmitEvents>): this;
  /**
   * The same as `send`.
   * @returns the socket
   * @example socket.write("hello");
   */
  write(...args: MessageParams<EmitEvents>): this;
  /**
   * Passes an event of the client on to other sockets. What the client sends must fit what the receivers expect, without
   * an acknowledgement. Where nothing else would see the event (no `use`, no `onAny`, no other listener of it), it is
   * neither decoded nor encoded: its form is checked, and it is sent as it came, attachments included. Otherwise it is
   * decoded, and emitted after middleware and in the order of the listeners. A client that asks for an acknowledgement all
   * the same gets an empty one, unless another listener answers. Another call for the same event replaces the receivers.
   * Socket.IO has no such method.
   * @param event the name of the event, for the client and for the receivers
   * @param to an operator, such as `socket.to("room")` or `socket.volatile.broadcast`; every other client of the
   * namespace by default; `null`: the event is not passed on any more
   * @returns the socket
   * @throws Error `ERR_RESERVED_EVENT` when the library uses the event name itself
   * @example socket.relay("cursor", socket.to("board").volatile);
   */
  relay<Ev extends RelayedEvents<ListenEvents, EmitEvents>>(
    event: Ev,
    to?: BroadcastOperator<ToMany<EmitEvents>, SocketData> | null,
  ): this;
  /**
   * Disconnects the client from the namespace. The client does not reconnect by itself.
   * @param close whether to close the connection too, for all namespaces; `false` is the default
   * @returns the socket
   * @example socket.disconnect(true);
   */
  disconnect(close?: boolean): this;
  /**
   * Adds a middleware, which runs before the listeners of every incoming event. An error drops the event and raises
   * `error` on the socket.
   * @returns the socket
   * @example socket.use(([event], next) => next(event === "forbidden" ? new Error("forbidden") : undefined));
   */
  use(middleware: SocketMiddleware): this;
}
