// A socket of another server: what its adapter knows of it. What is done to it goes out as a broadcast to its room.

import type { Room, SocketId } from "@sockeye/adapter";
import type { EventKey } from "@sockeye/events";
import { EVERYBODY } from "../base/address.ts";
import type { Handshake } from "../base/handshake.ts";
import { type BroadcastBase, BroadcastOperator } from "./broadcast-operator.ts";

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

  /**
   * Sends an event. A function as last argument needs a `timeout()`, and is called with an error and the answer.
   * @throws Error when the event name is reserved
   * @example socket.emit("hello");
   */
  emit(event: EventKey, ...args: unknown[]): boolean {
    return this.#operator.emit(event, ...args);
  }

  /**
   * How long the next event waits for its acknowledgement, in milliseconds.
   * @example socket.timeout(1000).emit("question", (error, answer) => console.log(error ?? answer));
   */
  timeout(timeout: number): BroadcastOperator {
    return this.#operator.timeout(timeout);
  }

  /**
   * Makes it join rooms.
   * @example socket.join("lobby");
   */
  join(rooms: Room | Room[]): void {
    this.#operator.socketsJoin(rooms);
  }

  /**
   * Makes it leave a room.
   * @example socket.leave("lobby");
   */
  leave(room: Room): void {
    this.#operator.socketsLeave(room);
  }

  /**
   * Disconnects it; with `close`, ends its connection too.
   * @example socket.disconnect(true);
   */
  disconnect(close = false): this {
    this.#operator.disconnectSockets(close);
    return this;
  }
}
