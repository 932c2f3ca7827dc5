// How many messages this page has not shown yet, per room. Works on the counts that the server
// tells, so it is right again by itself after the page was away.

import type { RoomSummary } from "../shared/events.ts";

/** Counts per room: written so far, and seen so far. */
export class Unread {
  readonly #written: Map<string, number> = new Map();
  readonly #seen: Map<string, number> = new Map();
  #startedAt: number | undefined;

  /** The page is connected (again). What was written before its first visit counts as seen. */
  welcome(startedAt: number, rooms: readonly RoomSummary[]): void {
    const isFirst = this.#startedAt === undefined;
    if (this.#startedAt !== startedAt) {
      this.#startedAt = startedAt;
      this.#written.clear();
      this.#seen.clear();
    }
    for (const { name, count } of rooms) {
      this.#written.set(name, count);
      if (isFirst) this.#seen.set(name, count);
    }
  }

  /** A room has so many messages now. */
  written({ name, count }: RoomSummary): void {
    this.#written.set(name, Math.max(count, this.#written.get(name) ?? 0));
  }

  /** One message of this room was seen elsewhere, say by its author in another tab. */
  seenOne(room: string): void {
    this.#seen.set(room, (this.#seen.get(room) ?? 0) + 1);
  }

  /** Everything in this room has been seen. */
  seenAll(room: string): void {
    this.#seen.set(room, this.#written.get(room) ?? 0);
  }

  in(room: string): number {
    return Math.max(0, (this.#written.get(room) ?? 0) - (this.#seen.get(room) ?? 0));
  }

  /** All rooms together. */
  total(): number {
    let sum = 0;
    for (const room of this.#written.keys()) sum += this.in(room);
    return sum;
  }
}
