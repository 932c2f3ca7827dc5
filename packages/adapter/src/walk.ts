// Iteration over the members of rooms. Listeners that run during a walk may join and leave rooms. A JavaScript Set
// visits members added during iteration, so a member that leaves and joins again would be visited again and again.

import type { Room, SocketId } from "./contract.ts";

/** One walk: it skips members added after its start. */
export class Walk {
  /** Members added since the start, by room; `null` while there are none. */
  added: Map<Room, Set<SocketId>> | null = null;
  /** Sockets without any entry at the start; `null` while there are none. */
  newcomers: Set<SocketId> | null = null;

  /** Whether a member was added to a room since the walk began. */
  isNew(room: Room, id: SocketId): boolean {
    return this.added?.get(room)?.has(id) === true;
  }

  add(room: Room, id: SocketId): void {
    this.added ??= new Map();
    const ids = this.added.get(room);
    if (ids === undefined) this.added.set(room, new Set([id]));
    else ids.add(id);
  }
}

/** The current walks, which may be nested. */
export class Walks {
  readonly #open: Walk[] = [];

  get isGoingOn(): boolean {
    return this.#open.length > 0;
  }

  begin(): Walk {
    const walk = new Walk();
    this.#open.push(walk);
    return walk;
  }

  /** Ends the walk that began last. */
  end(): void {
    this.#open.pop();
  }

  /** A member was added to a room. */
  onAdded(room: Room, id: SocketId): void {
    for (const walk of this.#open) walk.add(room, id);
  }

  /** A socket has an entry from now on. */
  onNewcomer(id: SocketId): void {
    for (const walk of this.#open) {
      walk.newcomers ??= new Set();
      walk.newcomers.add(id);
    }
  }
}
