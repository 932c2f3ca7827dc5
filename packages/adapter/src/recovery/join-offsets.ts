// When sockets joined their rooms, as numbers in the log, so that a socket that comes back is not sent what went to a
// room before it had joined. Kept only where it matters: a membership takes no memory unless the log holds packets
// of that room at the time of joining.

import type { Room, SocketId } from "../contract.ts";

/** Joined at the beginning of the session or before the oldest packet that could matter. */
const START = -1;

/** Numbers of the last packet before each joining. Memberships without a number count from the session's beginning. */
export class JoinOffsets {
  readonly #bySocket = new Map<SocketId, Map<Room, number>>();

  /** Number of sockets with at least one number. */
  get size(): number {
    return this.#bySocket.size;
  }

  /** A socket has joined a room after packet `number`. What was restored for this membership stays. */
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

  /** Prepares for a socket that comes back: its rooms, when it joins them again, count from when it first joined. */
  restore(id: SocketId, rooms: readonly Room[], joined: ReadonlyMap<Room, number>): void {
    if (rooms.length === 0) return;
    this.#bySocket.set(id, new Map(rooms.map((room) => [room, joined.get(room) ?? START])));
  }

  /** The rooms of a socket that it joined after the beginning of its session. */
  of(id: SocketId): [Room, number][] {
    return [...(this.#bySocket.get(id) ?? [])].filter(([, number]) => number !== START);
  }
}
