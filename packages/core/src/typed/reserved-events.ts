// The library's own events on the server side, with their listeners.

import type { EventsMap } from "@sockeye/events";
import type { DisconnectReason } from "../reasons.ts";
import type { Namespace } from "./namespace.ts";
import type { Socket } from "./socket.ts";

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

/** Events of a socket. */
export interface SocketReservedEvents {
  /** The socket has left the namespace and its rooms. */
  // biome-ignore lint/suspicious/noExplicitAny: an Error or what a transport tells; Socket.IO types it so.
  disconnect: (reason: DisconnectReason, description?: any) => void;
  /** The socket is about to leave: its rooms can still be read. */
  // biome-ignore lint/suspicious/noExplicitAny: as for `disconnect`.
  disconnecting: (reason: DisconnectReason, description?: any) => void;
  /** A middleware of the socket refused an event. */
  error: (error: Error) => void;
}
