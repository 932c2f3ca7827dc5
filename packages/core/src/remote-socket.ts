// A socket of another server: what its adapter knows of it. What is done to it goes out as a broadcast to its room.

import type { Room, SocketId } from "@sockeye/adapter";
import type { EventKey } from "@sockeye/events";
import { type BroadcastBase, BroadcastOperator, EVERYBODY } from "./broadcast-operator.ts";
import type { Handshake } from "./handshake.ts";

/** What an adapter tells of a socket of another server. */
export interface RemoteDetails {
  readonly id: SocketId;
  readonly handshake: Handshake;
  readonly rooms: readonly Room[];
  readonly data: unknown;
}

/** A socket of another server of the cluster, as it was when it was asked for. */
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
    const address = { ...EVERYBODY, rooms: new Set([id]) };
    this.#operator = new BroadcastOperator(base, address, "one answer");
  }

  /** Sends an event. A function as last argument needs a time-out, and is called with an error and the answer. */
  emit(event: EventKey, ...args: unknown[]): boolean {
    return this.#operator.emit(event, ...args);
  }

  /** Milliseconds to wait for the acknowledgement of the next event. */
  timeout(timeout: number): BroadcastOperator {
    return this.#operator.timeout(timeout);
  }

  /** Makes it join rooms. */
  join(rooms: Room | Room[]): void {
    this.#operator.socketsJoin(rooms);
  }

  /** Makes it leave a room. */
  leave(room: Room): void {
    this.#operator.socketsLeave(room);
  }

  /** Disconnects it; with `close`, its connection too. */
  disconnect(close = false): this {
    this.#operator.disconnectSockets(close);
    return this;
  }
}
