// All users of a namespace as this server knows them, and those of its rooms.

import { Group, type GroupSettings, type GroupWatcher } from "./group.ts";
import type { Entry, PresentSession } from "./users.ts";

/** The users of a namespace. */
export class Roster<Meta> {
  /** Those of the whole namespace. */
  readonly all: Group<Meta>;
  readonly #rooms = new Map<string, Group<Meta>>();
  readonly #entries = new Map<string, Entry>();
  readonly #settings: GroupSettings;

  constructor(settings: GroupSettings) {
    this.#settings = settings;
    this.all = new Group(settings);
  }

  /** Number of sessions. */
  get sessions(): number {
    return this.#entries.size;
  }

  /** Those of a room, where there are any; of the namespace without a room. */
  group(room: string | null): Group<Meta> | undefined {
    return room === null ? this.all : this.#rooms.get(room);
  }

  /** Tells of changes in a room, or in the namespace, from now on; the returned function ends that. */
  watch(room: string | null, watcher: GroupWatcher<Meta>): () => void {
    const group = room === null ? this.all : this.#roomOf(room);
    group.watchers.add(watcher);
    return () => {
      group.watchers.delete(watcher);
      if (room !== null) this.#sweep(room);
    };
  }

  /** A session of a node is there, has changed, or is gone. */
  put(node: string, id: string, entry: Entry | null): void {
    const key = `${node} ${id}`;
    const former = this.#entries.get(key);
    if (entry === null) this.#entries.delete(key);
    else this.#entries.set(key, entry);
    const isOther = former?.user !== entry?.user;
    if (former !== undefined && isOther) this.all.remove(former.user, key);
    for (const room of former?.rooms ?? []) {
      if (isOther || entry?.rooms?.includes(room) !== true) {
        this.#rooms.get(room)?.remove((former as Entry).user, key);
        this.#sweep(room);
      }
    }
    if (entry === null) return;
    const { meta, rooms = [], user } = entry;
    const session: PresentSession<Meta> = { id, node, meta: meta as Meta, rooms };
    this.all.put(user, key, session);
    for (const room of rooms) this.#roomOf(room).put(user, key, session);
  }

  close(): void {
    for (const group of [this.all, ...this.#rooms.values()]) group.close();
    this.#rooms.clear();
    this.#entries.clear();
  }

  #roomOf(room: string): Group<Meta> {
    let group = this.#rooms.get(room);
    if (group === undefined) {
      group = new Group(this.#settings, () => this.#sweep(room));
      this.#rooms.set(room, group);
    }
    return group;
  }

  /** A room without users and listeners is forgotten. */
  #sweep(room: string): void {
    const group = this.#rooms.get(room);
    if (group?.size === 0 && group.watchers.size === 0) this.#rooms.delete(room);
  }
}
