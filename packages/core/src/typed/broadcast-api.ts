// What a server and a namespace have in common: middleware, and broadcasts to all their sockets.

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

/** Continues with the next middleware, or rejects the socket with an error. */
type Next = (err?: ExtendedError) => void;

/**
 * Decides whether a socket may join: it calls `next`, or is async, and then a rejection rejects the socket.
 * Two function types rather than one that returns either, so that an arrow function may return anything.
 */
export type Middleware<Socket> =
  | ((socket: Socket, next: Next) => void)
  | ((socket: Socket, next: Next) => Promise<void>);

/** Members of namespaces that a server delegates to its main namespace. */
export interface BroadcastApi<
  EmitEvents extends EventsMap,
  ServerSideEvents extends EventsMap,
  SocketData,
  Socket,
  Request = unknown,
> extends Addressing<ToMany<EmitEvents>, SocketData, Request>,
    BroadcastModifiers<ToMany<EmitEvents>, SocketData, Request>,
    SocketSelection<EmitEvents, SocketData, Request> {
  /**
   * Adds a middleware, which runs for every client that wants to join, in the order of registration. It rejects the
   * client by `next(error)`, by throwing, or by a promise that rejects; the client receives the error's `message` and
   * `data`.
   * @example
   * io.use((socket, next) => {
   *   next(isValid(socket.handshake.auth.token) ? undefined : new Error("unauthorized"));
   * });
   */
  use(middleware: Middleware<Socket>): this;
  /**
   * Sends an event to every client of the namespace. Events with an acknowledgement need `timeout()` first.
   * @returns `true`
   * @throws Error `ERR_RESERVED_EVENT` when the library uses the event name itself, `ERR_EVENT_NAME` when it is no name
   * @throws TypeError when an argument cannot be serialised, such as circular data
   * @example io.emit("news", { title: "Hello" });
   */
  emit<Ev extends EventNamesWithoutAck<EmitEvents>>(
    event: Ev,
    ...args: EventParams<EmitEvents, Ev>
  ): boolean;
  /**
   * Sends an event to every client and resolves with its outcome on this server: the numbers of clients to which it was
   * `sent`, for which it is `queued`, was `dropped` (volatile), or whose connection was `closed`. Socket.IO has no such
   * method.
   * Rejects when the adapter fails, for instance because its broker is unreachable.
   * @throws Error `ERR_RESERVED_EVENT` when the library uses the event name itself, `ERR_EVENT_NAME` when it is no name (thrown, not a rejection)
   * @example const { sent, queued } = await io.emitWithOutcome("news", "hello");
   */
  emitWithOutcome<Ev extends EventNamesWithoutAck<EmitEvents>>(
    event: Ev,
    ...args: EventParams<EmitEvents, Ev>
  ): Promise<BroadcastCounts>;
  /**
   * Emits the event `message` to every client.
   * @example io.send("hello");
   */
  send(...args: MessageParams<EmitEvents>): this;
  /**
   * The same as `send`.
   * @example io.write("hello");
   */
  write(...args: MessageParams<EmitEvents>): this;
  /**
   * Sends an event to the other servers of the cluster. A function as last argument is called with `(error,
   * responses)`, one response per server. The adapter in memory knows no other server: it warns, and answers with an
   * empty list.
   * @returns `true`
   * @throws Error `ERR_RESERVED_EVENT` for `connect`, `connection` and `new_namespace`
   * @example io.serverSideEmit("reload", "config");
   */
  serverSideEmit<Ev extends EventNames<ServerSideEvents>>(
    event: Ev,
    ...args: EventParams<
      DecorateAcknowledgementsWithTimeoutAndMultipleResponses<ServerSideEvents>,
      Ev
    >
  ): boolean;
  /**
   * Sends an event to the other servers of the cluster and resolves with one response per server.
   * Rejects when some do not answer in the time that the adapter allows; the responses so far are `error.responses`.
   * Rejects with `ERR_RESERVED_EVENT` for `connect`, `connection` and `new_namespace`.
   * @example const versions = await io.serverSideEmitWithAck("version");
   */
  serverSideEmitWithAck<Ev extends EventNamesWithAck<ServerSideEvents>>(
    event: Ev,
    ...args: AllButLast<EventParams<ServerSideEvents, Ev>>
  ): Promise<FirstNonErrorArg<Last<EventParams<ServerSideEvents, Ev>>>[]>;
}
