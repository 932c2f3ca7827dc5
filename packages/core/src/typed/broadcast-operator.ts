// The typed faces of broadcasts: selecting sockets, sending to them, and acting on them.

import type { Room, SocketId } from "@sockeye/adapter";
import type {
  AllButLast,
  DecorateAcknowledgements,
  DecorateAcknowledgementsWithMultipleResponses,
  EventNamesWithError,
  EventNamesWithoutAck,
  EventParams,
  EventsMap,
  FirstNonErrorArg,
  Last,
  MessageParams,
  TypedEventBroadcaster,
} from "@sockeye/events";
import type { BroadcastCounts } from "../base/diagnostics.ts";
import type { RemoteSocket } from "./remote-socket.ts";

/** Selects the receivers of a broadcast. `OperatorEvents` are the events as the operator sends them. */
export interface Addressing<OperatorEvents extends EventsMap, SocketData, Request = unknown> {
  /**
   * Targets clients that joined any of the given rooms. Chainable; a client in several of them receives the event once.
   * @param room a room, or a list of rooms; the id of a socket is the room of that socket alone
   * @returns a new operator
   * @example io.to("lobby").to(["hall", "garden"]).emit("hello");
   */
  to(room: Room | Room[]): BroadcastOperator<OperatorEvents, SocketData, Request>;
  /**
   * The same as `to`, named for calls that act on sockets instead of sending to them.
   * @param room a room, or a list of rooms
   * @returns a new operator
   * @example io.in("lobby").disconnectSockets();
   */
  in(room: Room | Room[]): BroadcastOperator<OperatorEvents, SocketData, Request>;
  /**
   * Excludes clients that joined any of the given rooms. Chainable.
   * @param room a room, or a list of rooms
   * @returns a new operator
   * @example io.to("lobby").except(["muted", socket.id]).emit("hello");
   */
  except(room: Room | Room[]): BroadcastOperator<OperatorEvents, SocketData, Request>;
}

/** Modifiers of a broadcast. */
export interface BroadcastModifiers<
  OperatorEvents extends EventsMap,
  SocketData,
  Request = unknown,
> {
  /**
   * Sets whether the next packet may be compressed, where the connection has negotiated compression.
   * @param compress `true` is the default
   * @returns a new operator
   * @example io.compress(false).emit("picture", bytes);
   */
  compress(compress: boolean): BroadcastOperator<OperatorEvents, SocketData, Request>;
  /**
   * Drops the next packet for clients to which it cannot be sent immediately, instead of queueing it in the write
   * buffer.
   * @example io.volatile.emit("position", x, y);
   */
  readonly volatile: BroadcastOperator<OperatorEvents, SocketData, Request>;
  /**
   * Lets the next event take the place of an earlier one of the same key, for each client that has not taken that yet: a
   * client that reads slowly misses what is outdated. Events that expect an acknowledgement all arrive.
   * @param key what the event is the newest state of, within the namespace
   * @returns a new operator
   * @example io.to("board").latest("cursor:7").emit("cursor", 7, x, y);
   */
  latest(key: string): BroadcastOperator<OperatorEvents, SocketData, Request>;
  /**
   * Targets only clients of this server; without it, a broadcast reaches the clients of every server of the cluster.
   * @example io.local.emit("restarting");
   */
  readonly local: BroadcastOperator<OperatorEvents, SocketData, Request>;
  /**
   * Sets how long the next event waits for acknowledgements; its callback then takes an error first.
   * @param timeout milliseconds; without a timeout the time is up immediately; `Infinity` waits for ever
   * @returns a new operator
   * @example const answers = await io.timeout(1000).emitWithAck("ready?");
   */
  timeout(
    timeout: number,
  ): BroadcastOperator<DecorateAcknowledgements<OperatorEvents>, SocketData, Request>;
}

/** Acts on all targeted sockets, on every server of a cluster. */
export interface SocketSelection<EmitEvents extends EventsMap, SocketData, Request = unknown> {
  /**
   * Resolves with the targeted sockets of every server of the cluster. Sockets of other servers are snapshots; events
   * can be emitted to them.
   * Rejects when the adapter fails.
   * @throws Error `ERR_PARENT_NAMESPACE` on a parent namespace
   * @example for (const socket of await io.in("lobby").fetchSockets()) socket.leave("lobby");
   */
  fetchSockets(): Promise<RemoteSocket<EmitEvents, SocketData, Request>[]>;
  /**
   * Resolves with the ids of the targeted sockets of every server of the cluster. Rejects when the adapter fails.
   * @deprecated `fetchSockets` and `serverSideEmit` do the same and more.
   * @example const ids = await io.in("lobby").allSockets();
   */
  allSockets(): Promise<Set<SocketId>>;
  /**
   * Makes the targeted sockets join rooms.
   * @param room a room, or a list of rooms
   * @example io.in("lobby").socketsJoin(["hall", "garden"]);
   */
  socketsJoin(room: Room | Room[]): void;
  /**
   * Makes the targeted sockets leave rooms.
   * @param room a room, or a list of rooms
   * @example io.in("lobby").socketsLeave("lobby");
   */
  socketsLeave(room: Room | Room[]): void;
  /**
   * Disconnects the targeted sockets from the namespace.
   * @param close whether to close their connections too, for all namespaces; `false` is the default
   * @example io.in("banned").disconnectSockets(true);
   */
  disconnectSockets(close?: boolean): void;
}

/** Targets sockets of one namespace. Immutable: every modifier returns a new operator. */
export interface BroadcastOperator<EmitEvents extends EventsMap, SocketData, Request = unknown>
  extends TypedEventBroadcaster<EmitEvents>,
    Addressing<EmitEvents, SocketData, Request>,
    BroadcastModifiers<EmitEvents, SocketData, Request>,
    SocketSelection<EmitEvents, SocketData, Request> {
  /**
   * Sends an event and resolves with one response per client. Available after `timeout()`.
   * Rejects with `ERR_ACK_TIMEOUT` when the time is up, and with the adapter's error when the adapter fails; the
   * responses so far are `error.responses`.
   * @throws Error `ERR_RESERVED_EVENT` when the library uses the event name itself, `ERR_EVENT_NAME` when it is no name (thrown, not a rejection)
   * @example const answers = await io.to("lobby").timeout(1000).emitWithAck("ready?");
   */
  emitWithAck<Ev extends EventNamesWithError<EmitEvents>>(
    event: Ev,
    ...args: AllButLast<EventParams<EmitEvents, Ev>>
  ): Promise<FirstNonErrorArg<Last<EventParams<EmitEvents, Ev>>>>;
  /**
   * Sends an event and resolves with its outcome on this server: the numbers of clients to which it was `sent`, for
   * which it is `queued`, was `dropped` (volatile), or whose connection was `closed`. Socket.IO has no such method.
   * Rejects when the adapter fails, for instance because its broker is unreachable.
   * @throws Error `ERR_RESERVED_EVENT` when the library uses the event name itself, `ERR_EVENT_NAME` when it is no name (thrown, not a rejection)
   * @example const { dropped } = await io.volatile.emitWithOutcome("position", x, y);
   */
  emitWithOutcome<Ev extends EventNamesWithoutAck<EmitEvents>>(
    event: Ev,
    ...args: EventParams<EmitEvents, Ev>
  ): Promise<BroadcastCounts>;
  /**
   * Emits the event `message`. Socket.IO's operators have no such method.
   * @returns the operator
   * @example io.to("lobby").send("hello");
   */
  send(...args: MessageParams<EmitEvents>): this;
  /**
   * The same as `send`.
   * @returns the operator
   * @example io.to("lobby").write("hello");
   */
  write(...args: MessageParams<EmitEvents>): this;
}

/** The events of a broadcast: one callback receives the answers of all clients. */
export type ToMany<EmitEvents extends EventsMap> =
  DecorateAcknowledgementsWithMultipleResponses<EmitEvents>;
