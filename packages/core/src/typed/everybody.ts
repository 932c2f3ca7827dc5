// What a server and a namespace have in common: middleware, and whatever is sent to all their sockets.

import type {
  AllButLast,
  DecorateAcknowledgementsWithTimeoutAndMultipleResponses,
  EventNames,
  EventNamesWithAck,
  EventNamesWithoutAck,
  EventParams,
  EventsMap,
  FirstNonErrorArg,
  Last,
  MessageParams,
} from "@sockeye/events";
import type { ExtendedError } from "../base/chain.ts";
import type { BroadcastCounts } from "../base/diagnostics.ts";
import type {
  Addressing,
  BroadcastModifiers,
  SocketSelection,
  ToMany,
} from "./broadcast-operator.ts";

/** Continues with the next middleware, or refuses the socket with an error. */
export type Next = (err?: ExtendedError) => void;

/**
 * Decides whether a socket may join: it calls `next`, or is async, when a rejection rejects the socket.
 * Two function types rather than one that returns either, so that an arrow function may return anything.
 */
export type Middleware<Socket> =
  | ((socket: Socket, next: Next) => void)
  | ((socket: Socket, next: Next) => Promise<void>);

/** Members that a server delegates to its main namespace. */
export interface Everybody<
  EmitEvents extends EventsMap,
  ServerSideEvents extends EventsMap,
  SocketData,
  Socket,
> extends Addressing<ToMany<EmitEvents>, SocketData>,
    BroadcastModifiers<ToMany<EmitEvents>, SocketData>,
    SocketSelection<EmitEvents, SocketData> {
  /** Adds a middleware, run for every peer that wants to join, in order of registration. */
  use(middleware: Middleware<Socket>): this;
  /**
   * Sends an event to everybody. Events with an acknowledgement need `timeout()` first.
   * @throws Error when the name is the library's own
   */
  emit<Ev extends EventNamesWithoutAck<EmitEvents>>(
    event: Ev,
    ...args: EventParams<EmitEvents, Ev>
  ): boolean;
  /**
   * Sends an event and resolves with what became of it on this server, as numbers of clients. Rejects when the adapter
   * fails. Socket.IO has no such method.
   */
  emitWithOutcome<Ev extends EventNamesWithoutAck<EmitEvents>>(
    event: Ev,
    ...args: EventParams<EmitEvents, Ev>
  ): Promise<BroadcastCounts>;
  /** Emits `message` to everybody. */
  send(...args: MessageParams<EmitEvents>): this;
  /** Emits `message` to everybody. */
  write(...args: MessageParams<EmitEvents>): this;
  /** Sends an event to the other servers of the cluster. @throws Error when the name is the library's own */
  serverSideEmit<Ev extends EventNames<ServerSideEvents>>(
    event: Ev,
    ...args: EventParams<
      DecorateAcknowledgementsWithTimeoutAndMultipleResponses<ServerSideEvents>,
      Ev
    >
  ): boolean;
  /** Sends an event to the other servers of the cluster and resolves with one response for each. */
  serverSideEmitWithAck<Ev extends EventNamesWithAck<ServerSideEvents>>(
    event: Ev,
    ...args: AllButLast<EventParams<ServerSideEvents, Ev>>
  ): Promise<FirstNonErrorArg<Last<EventParams<ServerSideEvents, Ev>>>[]>;
}
