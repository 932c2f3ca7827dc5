// The typed face of broadcasts: addressing many sockets, sending to them, and acting on them.

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

/** Where an address begins. `OperatorEvents` are the events as the operator sends them. */
export interface Addressing<OperatorEvents extends EventsMap, SocketData> {
  /** Members of these rooms. A socket in several of them is addressed once. */
  to(room: Room | Room[]): BroadcastOperator<OperatorEvents, SocketData>;
  /** The same as `to`. */
  in(room: Room | Room[]): BroadcastOperator<OperatorEvents, SocketData>;
  /** Not the members of these rooms. */
  except(room: Room | Room[]): BroadcastOperator<OperatorEvents, SocketData>;
}

/** Modifiers of a broadcast. */
export interface BroadcastModifiers<OperatorEvents extends EventsMap, SocketData> {
  /** Whether the packet may be compressed. */
  compress(compress: boolean): BroadcastOperator<OperatorEvents, SocketData>;
  /** The next event is dropped for peers that cannot take it at once. */
  readonly volatile: BroadcastOperator<OperatorEvents, SocketData>;
  /** Only sockets of this server. */
  readonly local: BroadcastOperator<OperatorEvents, SocketData>;
  /** Milliseconds to wait for acknowledgements, whose callbacks then take an error first. */
  timeout(timeout: number): BroadcastOperator<DecorateAcknowledgements<OperatorEvents>, SocketData>;
}

/** What can be done to all addressed sockets, on every server of a cluster. */
export interface SocketSelection<EmitEvents extends EventsMap, SocketData> {
  /** The addressed sockets. */
  fetchSockets(): Promise<RemoteSocket<EmitEvents, SocketData>[]>;
  /**
   * Ids of the addressed sockets.
   * @deprecated `fetchSockets` and `serverSideEmit` do the same and more.
   */
  allSockets(): Promise<Set<SocketId>>;
  /** Makes the addressed sockets join rooms. */
  socketsJoin(room: Room | Room[]): void;
  /** Makes the addressed sockets leave rooms. */
  socketsLeave(room: Room | Room[]): void;
  /** Disconnects the addressed sockets; with `close`, their connections too. */
  disconnectSockets(close?: boolean): void;
}

/** An address being built: every modifier returns a new operator. */
export interface BroadcastOperator<EmitEvents extends EventsMap, SocketData>
  extends TypedEventBroadcaster<EmitEvents>,
    Addressing<EmitEvents, SocketData>,
    BroadcastModifiers<EmitEvents, SocketData>,
    SocketSelection<EmitEvents, SocketData> {
  /**
   * Sends an event and resolves with one response per client. Available after `timeout()`;
   * rejects when the time is up, with the responses so far as `error.responses`.
   */
  emitWithAck<Ev extends EventNamesWithError<EmitEvents>>(
    event: Ev,
    ...args: AllButLast<EventParams<EmitEvents, Ev>>
  ): Promise<FirstNonErrorArg<Last<EventParams<EmitEvents, Ev>>>>;
  /**
   * Sends an event and resolves with what became of it on this server, as numbers of clients. Rejects when the adapter
   * fails. Socket.IO has no such method.
   */
  emitWithOutcome<Ev extends EventNamesWithoutAck<EmitEvents>>(
    event: Ev,
    ...args: EventParams<EmitEvents, Ev>
  ): Promise<BroadcastCounts>;
  /** Emits `message`. */
  send(...args: MessageParams<EmitEvents>): this;
  /** Emits `message`. */
  write(...args: MessageParams<EmitEvents>): this;
}

/** The events of a broadcast: one callback hears all clients. */
export type ToMany<EmitEvents extends EventsMap> =
  DecorateAcknowledgementsWithMultipleResponses<EmitEvents>;
