// Describes a session: calls the functions of the application, and keeps what they return within the limits.

import type { PresenceDiagnostics } from "./diagnostics.ts";
import type { ResolvedOptions } from "./options.ts";
import type { PresenceSocket } from "./sockets.ts";
import type { Entry } from "./users.ts";

const MAX_USER = 256;

/** Makes the entries of sockets. */
export class Describer<Socket extends PresenceSocket> {
  readonly #options: ResolvedOptions<Socket>;
  readonly #diagnostics: PresenceDiagnostics;

  constructor(options: ResolvedOptions<Socket>, diagnostics: PresenceDiagnostics) {
    this.#options = options;
    this.#diagnostics = diagnostics;
  }

  /** The session of a socket; `null` for one that is not present. What the application's functions throw passes through. */
  entryOf(socket: Socket): Entry | null {
    const user: unknown = this.#options.user(socket);
    if (user === null || user === undefined) return null;
    const name = String(user);
    if (name.length > MAX_USER) {
      this.#diagnostics.limitReached.publish({ limit: "user", value: MAX_USER, socket: socket.id });
      return null;
    }
    const meta = this.#options.meta?.(socket);
    return {
      id: socket.id,
      user: name,
      ...this.#metaOf(socket.id, meta),
      ...this.#roomsOf(socket.id, [...socket.rooms]),
    };
  }

  /** The same session in other rooms. */
  inRooms(entry: Entry, rooms: readonly string[]): Entry {
    const { id, meta, user } = entry;
    return { id, user, ...(meta !== undefined && { meta }), ...this.#roomsOf(id, rooms) };
  }

  /** Whether the members of a room are kept. */
  selects(room: string): boolean {
    return this.#options.rooms?.(room) === true;
  }

  /** As JSON, so that it is the same on every server, and cannot change without `update`. */
  #metaOf(id: string, meta: unknown): { readonly meta?: unknown } {
    if (meta === undefined) return {};
    let text: string | undefined;
    try {
      text = JSON.stringify(meta);
    } catch (error) {
      this.#diagnostics.metaUnreadable.publish({ socket: id, error });
      return {};
    }
    if (text === undefined) return {};
    const { maxMeta } = this.#options;
    if (text.length > maxMeta) {
      this.#diagnostics.limitReached.publish({ limit: "maxMeta", value: maxMeta, socket: id });
      return {};
    }
    return { meta: JSON.parse(text) as unknown };
  }

  #roomsOf(id: string, rooms: readonly string[]): { readonly rooms?: readonly string[] } {
    const { maxRooms } = this.#options;
    const selected = rooms.filter((room) => room !== id && this.selects(room));
    if (selected.length > maxRooms) {
      this.#diagnostics.limitReached.publish({ limit: "maxRooms", value: maxRooms, socket: id });
    }
    return selected.length === 0 ? {} : { rooms: selected.slice(0, maxRooms) };
  }
}
