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

/** Sends to one socket; acknowledgement callbacks take an error first. */
interface RemoteEmitter<EmitEvents extends EventsMap> extends TypedEventBroadcaster<EmitEvents> {
  /**
   * Sends an event and resolves with the client's answer.
   * Rejects with `ERR_ACK_TIMEOUT` when the time is up, and with the adapter's error when the adapter fails.
   * @throws Error `ERR_RESERVED_EVENT` when the library uses the event name itself, `ERR_EVENT_NAME` when it is no name (thrown, not a rejection)
   * @example const answer = await remote.timeout(1000).emitWithAck("question");
   */
  emitWithAck<Ev extends EventNamesWithAck<EmitEvents>>(
    event: Ev,
    ...args: AllButLast<EventParams<EmitEvents, Ev>>
  ): Promise<FirstNonErrorArg<Last<EventParams<EmitEvents, Ev>>>>;
}

/** A socket of any server of the cluster: properties are a snapshot, methods act on the socket itself. */
export interface RemoteSocket<EmitEvents extends EventsMap, SocketData, Request = unknown>
  extends TypedEventBroadcaster<EmitEvents> {
  /**
   * The id of the socket, which is also the name of its own room.
   * @example const ids = (await io.fetchSockets()).map(({ id }) => id);
   */
  readonly id: SocketId;
  /**
   * What the client sent when it connected: headers, query, `auth`, address and time.
   * @example for (const { handshake } of await io.fetchSockets()) console.log(handshake.address);
   */
  readonly handshake: HostHandshake<Request>;
  /**
   * The rooms that the socket had joined when it was fetched.
   * @example for (const { id, rooms } of await io.in("lobby").fetchSockets()) console.log(id, [...rooms]);
   */
  readonly rooms: Set<Room>;
  /**
   * Data of the application, as it was when the socket was fetched.
   * @example const names = (await io.fetchSockets()).map(({ data }) => data.name);
   */
  readonly data: SocketData;
  /**
   * Sets how long the next event waits for its acknowledgement; its callback takes an error first.
   * @param timeout milliseconds
   * @example remote.timeout(1000).emit("question", (error, answer) => console.log(error ?? answer));
   */
  timeout(timeout: number): RemoteEmitter<DecorateAcknowledgements<EmitEvents>>;
  /**
   * Makes the socket join rooms.
   * @param rooms a room, or a list of rooms
   * @example remote.join(["lobby", "hall"]);
   */
  join(rooms: Room | Room[]): Promise<void> | void;
  /**
   * Makes the socket leave a room.
   * @example remote.leave("lobby");
   */
  leave(room: Room): Promise<void> | void;
  /**
   * Disconnects the socket from its namespace.
   * @param close whether to close its connection too, for all namespaces; `false` is the default
   * @returns the socket
   * @example remote.disconnect(true);
   */
  disconnect(close?: boolean): this;
}
