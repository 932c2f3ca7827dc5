// Who is in which room, both ways round. Tells of rooms that come and go, and of members that join and leave.

import type { Room, SocketId } from "./contract.ts";
import { SetsByName } from "./sets-by-name.ts";

/** Hears of changes; called after the change. */
export interface RoomsObserver {
  onCreate(room: Room): void;
  onDelete(room: Room): void;
  onJoin(room: Room, id: SocketId): void;
  onLeave(room: Room, id: SocketId): void;
}

/** Membership of sockets in rooms. An empty room does not exist. */
export class Rooms {
  readonly #members = new SetsByName();
  readonly #joined = new SetsByName();
  readonly #observer: RoomsObserver;

  constructor(observer: RoomsObserver) {
    this.#observer = observer;
  }

  /** Members by room. Makes a set for every room, now and later: for those outside who ask. */
  get members(): Map<Room, Set<SocketId>> {
    return this.#members.map;
  }

  /** Rooms by member. The same holds. */
  get joined(): Map<SocketId, Set<Room>> {
    return this.#joined.map;
  }

  /** The rooms of one socket. */
  roomsOf(id: SocketId): Set<Room> | undefined {
    return this.#joined.get(id);
  }

  join(id: SocketId, rooms: Iterable<Room>): void {
    if (!this.#joined.has(id)) this.#joined.begin(id);
    for (const room of rooms) {
      if (this.#joined.contains(id, room)) continue;
      if (!this.#members.has(room)) {
        this.#members.begin(room);
        this.#observer.onCreate(room);
      }
      this.#joined.add(id, room);
      this.#members.add(room, id);
      this.#observer.onJoin(room, id);
    }
  }

  leave(id: SocketId, room: Room): void {
    this.#joined.remove(id, room);
    this.#removeMember(room, id);
  }

  leaveAll(id: SocketId): void {
    this.#joined.forEach(id, (room) => this.#removeMember(room, id));
    this.#joined.drop(id);
  }

  #removeMember(room: Room, id: SocketId): void {
    if (!this.#members.remove(room, id)) return;
    this.#observer.onLeave(room, id);
    if (this.#members.isEmpty(room) && this.#members.drop(room)) this.#observer.onDelete(room);
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
      for (const id of this.#joined.keys()) if (!excluded?.has(id)) visit(id);
      return;
    }
    if (rooms.size === 1 && excluded === null) {
      for (const room of rooms) this.#members.forEach(room, visit);
      return;
    }
    const seen = rooms.size > 1 ? new Set<SocketId>() : null;
    for (const room of rooms) {
      this.#members.forEach(room, (id) => {
        if (excluded?.has(id) || seen?.has(id)) return;
        seen?.add(id);
        visit(id);
      });
    }
  }

  #excluded(except: ReadonlySet<Room> | undefined): ReadonlySet<SocketId> | null {
    if (except === undefined || except.size === 0) return null;
    const ids = new Set<SocketId>();
    for (const room of except) this.#members.forEach(room, (id) => ids.add(id));
    return ids;
  }
}
