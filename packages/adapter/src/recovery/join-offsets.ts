// The log position at which each socket joined each room, so that a returning socket does not receive packets sent to a
// room before it had joined. Stored only where needed: a membership takes no memory unless the log holds packets of
// that room at the time of joining.

import type { Room, SocketId } from "../contract.ts";

/** Joined at the beginning of the session, or before the oldest relevant packet. */
const START = -1;

/** Numbers of the last packet before each joining. Memberships without a number count from the session's beginning. */
export class JoinOffsets {
  readonly #bySocket = new Map<SocketId, Map<Room, number>>();

  /** Number of sockets with at least one number. */
  get size(): number {
    return this.#bySocket.size;
  }

  /** A socket has joined a room after packet `number`. A restored number of this membership stays. */
  join(id: SocketId, room: Room, number: number): void {
    const rooms = this.#bySocket.get(id);
    if (rooms === undefined) this.#bySocket.set(id, new Map([[room, number]]));
    else if (!rooms.has(room)) rooms.set(room, number);
  }

  /** A socket has left a room. */
  leave(id: SocketId, room: Room): void {
    const rooms = this.#bySocket.get(id);
    if (rooms?.delete(room) === true && rooms.size === 0) this.#bySocket.delete(id);
  }

  leaveAll(id: SocketId): void {
    this.#bySocket.delete(id);
  }

  clear(): void {
    this.#bySocket.clear();
  }

  /** Prepares for a returning socket: its rooms, when it joins them again, keep the number of the first joining. */
  restore(id: SocketId, rooms: readonly Room[], joined: ReadonlyMap<Room, number>): void {
    if (rooms.length === 0) return;
    this.#bySocket.set(id, new Map(rooms.map((room) => [room, joined.get(room) ?? START])));
  }

  /** The rooms of a socket that it joined after the beginning of its session. */
  of(id: SocketId): [Room, number][] {
    return [...(this.#bySocket.get(id) ?? [])].filter(([, number]) => number !== START);
  }
}
