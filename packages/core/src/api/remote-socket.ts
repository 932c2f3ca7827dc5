// A socket of another server, as its adapter describes it. Calls become broadcasts to the socket's own room.

import type { Room, SocketId } from "@sockeye/adapter";
import type { EventKey } from "@sockeye/events";
import { ALL_SOCKETS } from "../base/address.ts";
import type { Handshake } from "../base/handshake.ts";
import { type BroadcastBase, BroadcastOperator } from "./broadcast-operator.ts";

/** How an adapter describes a socket of another server. */
export interface RemoteDetails {
  readonly id: SocketId;
  readonly handshake: Handshake;
  readonly rooms: readonly Room[];
  readonly data: unknown;
}

/** A socket of another server of the cluster, as it was when it was fetched. */
export class RemoteSocket {
  readonly id: SocketId;
  readonly handshake: Handshake;
  readonly rooms: Set<Room>;
  readonly data: unknown;
  readonly #operator: BroadcastOperator;

  constructor(base: BroadcastBase, { data, handshake, id, rooms }: RemoteDetails) {
    this.id = id;
    this.handshake = handshake;
    this.rooms = new Set(rooms);
    this.data = data;
    const address = { ...ALL_SOCKETS, rooms: new Set([id]) };
    this.#operator = new BroadcastOperator(base, address, "one answer");
  }

  /** Sends an event. A function as last argument needs a `timeout()`, and is called with an error and the answer. */
  emit(event: EventKey, ...args: unknown[]): boolean {
    return this.#operator.emit(event, ...args);
  }

  /** How long the next event waits for its acknowledgement, in milliseconds. */
  timeout(timeout: number): BroadcastOperator {
    return this.#operator.timeout(timeout);
  }

  /** Makes the socket join rooms. */
  join(rooms: Room | Room[]): void {
    this.#operator.socketsJoin(rooms);
  }

  /** Makes the socket leave a room. */
  leave(room: Room): void {
    this.#operator.socketsLeave(room);
  }

  /** Disconnects the socket; with `close`, closes its connection too. */
  disconnect(close = false): this {
    this.#operator.disconnectSockets(close);
    return this;
  }
}
