// The typed face of a server socket.

import type { Room, SocketId } from "@sockeye/adapter";
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
import type { Addressing, BroadcastOperator, ToMany } from "./broadcast-operator.ts";
import type { HostConnection, HostHandshake, HostRequest } from "./host-types.ts";
import type { ServerListening } from "./listening.ts";
import type { Namespace } from "./namespace.ts";
import type { SocketReservedEvents } from "./reserved-events.ts";
import type { Server } from "./server.ts";

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
