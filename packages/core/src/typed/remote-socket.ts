// The typed face of a socket that may be on another server: what `fetchSockets` returns.

import type { Room, SocketId } from "@sockeye/adapter";
import type {
  AllButLast,
  DecorateAcknowledgements,
  EventNamesWithAck,
  EventParams,
  EventsMap,
  FirstNonErrorArg,
  Last,
  TypedEventBroadcaster,
} from "@sockeye/events";
import type { HostHandshake } from "./host-types.ts";

/** Sends to one socket, whose acknowledgements take an error first. */
export interface RemoteEmitter<EmitEvents extends EventsMap>
  extends TypedEventBroadcaster<EmitEvents> {
  /** Sends an event and resolves with the answer; rejects when the time is up. */
  emitWithAck<Ev extends EventNamesWithAck<EmitEvents>>(
    event: Ev,
    ...args: AllButLast<EventParams<EmitEvents, Ev>>
  ): Promise<FirstNonErrorArg<Last<EventParams<EmitEvents, Ev>>>>;
}

/** A socket of any server of the cluster: what is known of it is a snapshot, what is done to it reaches it. */
export interface RemoteSocket<EmitEvents extends EventsMap, SocketData>
  extends TypedEventBroadcaster<EmitEvents> {
  readonly id: SocketId;
  readonly handshake: HostHandshake;
  /** The rooms it was in. */
  readonly rooms: Set<Room>;
  readonly data: SocketData;
  /** Milliseconds that the next event waits for its acknowledgement. */
  timeout(timeout: number): RemoteEmitter<DecorateAcknowledgements<EmitEvents>>;
  /** Makes it join rooms. */
  join(rooms: Room | Room[]): Promise<void> | void;
  /** Makes it leave a room. */
  leave(room: Room): Promise<void> | void;
  /** Disconnects it; with `close`, the whole connection. */
  disconnect(close?: boolean): this;
}
