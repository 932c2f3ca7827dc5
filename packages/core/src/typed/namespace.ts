// The typed face of a namespace, and of a parent namespace, whose children are made when somebody joins them.

import type { Adapter, SocketId } from "@sockeye/adapter";
import type { DefaultEventsMap, EventsMap } from "@sockeye/events";
import type { Everybody } from "./everybody.ts";
import type { ServerListening } from "./listening.ts";
import type { NamespaceReservedEvents } from "./reserved-events.ts";
import type { Server } from "./server.ts";
import type { Socket } from "./socket.ts";

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
> extends Everybody<ListenEvents, EmitEvents, ServerSideEvents, SocketData>,
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
