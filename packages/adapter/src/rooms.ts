// The membership of sockets in rooms, indexed both ways. Reports the creation and deletion of rooms, and joining and
// leaving. Both indexes stay consistent even when a listener changes rooms during a report.

import type { Room, SocketId } from "./contract.ts";
import { SetsByName } from "./sets-by-name.ts";
import { type Walk, Walks } from "./walk.ts";

/** Notified after each change. Must not throw: the adapter contains the errors of listeners. */
export interface RoomsObserver {
  /** Whether anything comes of the notifications. Where nothing does, they may be left out. */
  readonly isObserving?: boolean;
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
  readonly #walks = new Walks();
  /** Sockets that are leaving all rooms at this moment: they cannot join. Seldom more than one. */
  readonly #leaving: SocketId[] = [];

  constructor(observer: RoomsObserver) {
    this.#observer = observer;
  }

  /** Members by room, for callers outside the package. From the first call on, every room has a Set object. */
  get members(): Map<Room, Set<SocketId>> {
    return this.#members.map;
  }

  /** Rooms by member. From the first call on, every socket has a Set object. */
  get joined(): Map<SocketId, Set<Room>> {
    return this.#joined.map;
  }

  /** The rooms of one socket. */
  roomsOf(id: SocketId): Set<Room> | undefined {
    return this.#joined.get(id);
  }

  /** Whether a socket is in a room. */
  isIn(id: SocketId, room: Room): boolean {
    return this.#joined.contains(id, room);
  }

  /** Adds a socket to rooms. Does nothing for a socket that is leaving all rooms. */
  join(id: SocketId, rooms: Iterable<Room>): void {
    if (this.#isLeaving(id)) return;
    if (!this.#joined.has(id)) {
      this.#joined.create(id);
      this.#walks.onNewcomer(id);
    }
    for (const room of rooms) {
      if (this.#joined.contains(id, room)) continue;
      if (!this.#members.has(room)) {
        this.#members.create(room);
        this.#observer.onCreate(room);
      }
      // A listener may have changed this membership meanwhile.
      if (!this.#joined.has(id)) {
        this.#dropIfEmpty(room);
        return;
      }
      if (this.#joined.contains(id, room)) continue;
      if (!this.#members.has(room)) this.#members.create(room);
      this.#joined.add(id, room);
      this.#members.add(room, id);
      this.#walks.onAdded(room, id);
      this.#observer.onJoin(room, id);
      if (!this.#joined.has(id)) return;
    }
  }

  /**
   * As `join` with the room that is named after the socket, in two steps instead of twelve: the case of a new socket
   * whose joining is not observed. Returns `false` when it is another one, and has done nothing then.
   */
  enter(id: SocketId): boolean {
    if (this.#observer.isObserving !== false || this.#walks.isGoingOn) return false;
    if (this.#isLeaving(id) || this.#joined.has(id) || this.#members.has(id)) return false;
    this.#joined.createOwn(id);
    this.#members.createOwn(id);
    return true;
  }

  /** Removes a socket from a room. */
  leave(id: SocketId, room: Room): void {
    this.#joined.remove(id, room);
    this.#removeMember(room, id);
  }

  /** Removes a socket from all its rooms. */
  leaveAll(id: SocketId): void {
    // As `enter`: a socket that has its own room and no other.
    if (this.#observer.isObserving === false && this.#joined.dropOwn(id)) {
      if (!this.#members.dropOwn(id)) this.#removeMember(id, id);
      return;
    }
    if (this.#isLeaving(id) || !this.#joined.has(id)) return;
    this.#leaving.push(id);
    try {
      for (const room of this.#joined.list(id)) this.#removeMember(room, id);
    } finally {
      // Those that began to leave meanwhile have left by now.
      this.#leaving.pop();
      this.#joined.drop(id);
    }
  }

  #isLeaving(id: SocketId): boolean {
    return this.#leaving.length > 0 && this.#leaving.includes(id);
  }

  #removeMember(room: Room, id: SocketId): void {
    if (!this.#members.remove(room, id)) return;
    this.#observer.onLeave(room, id);
    this.#dropIfEmpty(room);
  }

  #dropIfEmpty(room: Room): void {
    if (this.#members.isEmpty(room) && this.#members.drop(room)) this.#observer.onDelete(room);
  }

  /**
   * Calls `visit` once for each id that is in any of `rooms` (all ids when empty) and in none of `except`: those that
   * are members when the walk begins and still are when it reaches them.
   * Hot path: one room without exceptions is a plain walk over its members.
   */
  visit(
    rooms: ReadonlySet<Room>,
    except: ReadonlySet<Room> | undefined,
    visit: (id: SocketId) => void,
  ): void {
    const walk = this.#walks.begin();
    try {
      const excluded = this.#excluded(except, walk);
      if (rooms.size === 0) this.#visitAll(excluded, visit, walk);
      else if (rooms.size === 1 && excluded === null) {
        for (const room of rooms) this.#members.forEach(room, visit, walk);
      } else {
        const seen = rooms.size > 1 ? new Set<SocketId>() : null;
        const once = (id: SocketId): void => {
          if (excluded?.has(id) || seen?.has(id)) return;
          seen?.add(id);
          visit(id);
        };
        for (const room of rooms) this.#members.forEach(room, once, walk);
      }
    } finally {
      this.#walks.end();
    }
  }

  #visitAll(
    excluded: ReadonlySet<SocketId> | null,
    visit: (id: SocketId) => void,
    walk: Walk,
  ): void {
    for (const id of this.#joined.keys()) {
      if (excluded?.has(id) || walk.newcomers?.has(id)) continue;
      visit(id);
    }
  }

  #excluded(except: ReadonlySet<Room> | undefined, walk: Walk): ReadonlySet<SocketId> | null {
    if (except === undefined || except.size === 0) return null;
    const ids = new Set<SocketId>();
    for (const room of except) this.#members.forEach(room, (id) => ids.add(id), walk);
    return ids;
  }
}
