// The types by which hosts attach the generic interfaces to the runtime classes, which are not generic: a host casts
// each class once, in one file, to one of these types, and declares the type of the same name beside it.
//   export const Socket: SocketConstructor<Request> = CoreSocket as unknown as SocketConstructor<Request>;
//   export type Socket<L extends EventsMap = DefaultEventsMap, …> = TypedSocket<L, …, Request>;
// A host's server has members and constructor arguments of its own: the host extends the typed `Server` with an
// interface, and declares a constructor for it shaped as `ServerConstructor` is.

import type { DefaultEventsMap, EventsMap } from "@sockeye/events";
import type { BroadcastOperator } from "./broadcast-operator.ts";
import type { Namespace, Server, Socket } from "./faces.ts";

/** The class of servers, constructed with `Args`. */
export interface ServerConstructor<Args extends readonly unknown[] = readonly unknown[]> {
  new <
    ListenEvents extends EventsMap = DefaultEventsMap,
    EmitEvents extends EventsMap = ListenEvents,
    ServerSideEvents extends EventsMap = DefaultEventsMap,
    // biome-ignore lint/suspicious/noExplicitAny: Socket.IO's default for socket data.
    SocketData = any,
  >(
    ...args: Args
  ): Server<ListenEvents, EmitEvents, ServerSideEvents, SocketData>;
  // biome-ignore lint/suspicious/noExplicitAny: `instanceof` cannot know the events.
  readonly prototype: Server<any, any, any, any>;
}

/** The class of namespaces: for `instanceof`, constructed by the library only. */
export type NamespaceConstructor<Request = unknown> = abstract new <
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  // biome-ignore lint/suspicious/noExplicitAny: Socket.IO's default for socket data.
  SocketData = any,
>(
  ...args: never
) => Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData, Request>;

/** The class of sockets: for `instanceof`, constructed by the library only. */
export type SocketConstructor<Request = unknown> = abstract new <
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  // biome-ignore lint/suspicious/noExplicitAny: Socket.IO's default for socket data.
  SocketData = any,
>(
  ...args: never
) => Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData, Request>;

/** The class of broadcast operators: for `instanceof`, constructed by the library only. */
export type BroadcastOperatorConstructor<Request = unknown> = abstract new <
  EmitEvents extends EventsMap,
  SocketData,
>(
  ...args: never
) => BroadcastOperator<EmitEvents, SocketData, Request>;
