// Who is in which room, both ways round. Tells of rooms that come and go, and of members that join and leave.

import type { Room, SocketId } from "./contract.ts";

/** Hears of changes; called after the change. */
export interface RoomsObserver {
  onCreate(room: Room): void;
  onDelete(room: Room): void;
  onJoin(room: Room, id: SocketId): void;
  onLeave(room: Room, id: SocketId): void;
}

/**
 * Membership of sockets in rooms. An empty room does not exist.
 *
 * Every socket is in the room that bears its id. As long as it is in no other, and nobody else is in that one, the
 * rooms of the socket and the members of the room are the same set, and one object serves as both.
 */
export class Rooms {
  readonly members: Map<Room, Set<SocketId>> = new Map();
  readonly joined: Map<SocketId, Set<Room>> = new Map();
  readonly #observer: RoomsObserver;

  constructor(observer: RoomsObserver) {
    this.#observer = observer;
  }

  join(id: SocketId, rooms: Iterable<Room>): void {
    let joined = this.joined.get(id);
    if (joined === undefined) {
      joined = new Set();
      this.joined.set(id, joined);
    }
    for (const room of rooms) {
      if (joined.has(room)) continue;
      this.#separate(id);
      this.#separate(room);
      let members = this.members.get(room);
      if (members === undefined) {
        const isOwn = room === id && joined.size === 0;
        members = isOwn ? (joined as Set<SocketId>) : new Set();
        this.members.set(room, members);
        this.#observer.onCreate(room);
      }
      joined.add(room);
      members.add(id);
      this.#observer.onJoin(room, id);
    }
  }

  leave(id: SocketId, room: Room): void {
    this.#separate(id);
    this.joined.get(id)?.delete(room);
    this.#removeMember(room, id);
  }

  leaveAll(id: SocketId): void {
    const joined = this.joined.get(id);
    if (joined === undefined) return;
    this.#separate(id);
    for (const room of joined) this.#removeMember(room, id);
    this.joined.delete(id);
  }

  /** One of the two sets is about to change: if one object serves as both, the room gets its own. */
  #separate(room: Room): void {
    const members = this.members.get(room);
    const id = room as SocketId;
    if (members !== undefined && members === this.joined.get(id))
      this.members.set(id, new Set([id]));
  }

  #removeMember(room: Room, id: SocketId): void {
    const members = this.members.get(room);
    if (members === undefined || !members.delete(id)) return;
    this.#observer.onLeave(room, id);
    if (members.size === 0 && this.members.delete(room)) this.#observer.onDelete(room);
  }

  /**
   * Calls `visit` once for each id that is in any of `rooms` (all ids when empty) and in none of `except`.
   * Hot path: one room and nobody excepted is a plain walk over its members.
   */
  visit(
    rooms: ReadonlySet<Room>,
    except: ReadonlySet<Room> | undefined,
    visit: (id: SocketId) => void,
  ): void {
    const excluded = this.#excluded(except);
    if (rooms.size === 0) {
      for (const id of this.joined.keys()) if (!excluded?.has(id)) visit(id);
      return;
    }
    const seen = rooms.size > 1 ? new Set<SocketId>() : null;
    for (const room of rooms) {
      const members = this.members.get(room);
      if (members === undefined) continue;
      for (const id of members) {
        if (excluded?.has(id) || seen?.has(id)) continue;
        seen?.add(id);
        visit(id);
      }
    }
  }

  #excluded(except: ReadonlySet<Room> | undefined): ReadonlySet<SocketId> | null {
    if (except === undefined || except.size === 0) return null;
    const ids = new Set<SocketId>();
    for (const room of except) {
      const members = this.members.get(room);
      if (members !== undefined) for (const id of members) ids.add(id);
    }
    return ids;
  }
}
