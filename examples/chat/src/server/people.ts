// Who is online. A person counts once, however many tabs are open, and is gone when the last tab
// is. Tabs are known by an id; that these are sockets is none of this file's business.

import type { OnlinePerson, Person } from "../shared/events.ts";

interface Presence {
  name: string;
  /** The room each tab shows; `undefined` until it has entered one. */
  readonly tabs: Map<string, string | undefined>;
}

/** The people with at least one open tab. */
export class People {
  #byId: Map<string, Presence> = new Map();

  /** A tab was opened. The newest tab decides the person's name. */
  arrive(person: Person, tabId: string): void {
    const presence = this.#byId.get(person.id) ?? { name: person.name, tabs: new Map() };
    presence.name = person.name;
    presence.tabs.set(tabId, undefined);
    this.#byId.set(person.id, presence);
  }

  /** A tab now shows this room. */
  look(personId: string, tabId: string, room: string): void {
    this.#byId.get(personId)?.tabs.set(tabId, room);
  }

  /** A tab was closed. */
  leave(personId: string, tabId: string): void {
    const presence = this.#byId.get(personId);
    presence?.tabs.delete(tabId);
    if (presence?.tabs.size === 0) this.#byId.delete(personId);
  }

  rename(personId: string, name: string): void {
    const presence = this.#byId.get(personId);
    if (presence !== undefined) presence.name = name;
  }

  /** The person as others see them now. */
  person(id: string): Person {
    return { id, name: this.#byId.get(id)?.name ?? "somebody" };
  }

  /** Everybody online, in the order they came. */
  list(): readonly OnlinePerson[] {
    return Array.from(this.#byId, ([id, { name, tabs }]) => ({ id, name, rooms: shown(tabs) }));
  }

  /** The rooms that at least one tab shows. */
  roomsInUse(): ReadonlySet<string> {
    return new Set(this.list().flatMap((person) => person.rooms));
  }
}

function shown(tabs: ReadonlyMap<string, string | undefined>): readonly string[] {
  const rooms = new Set<string>();
  for (const room of tabs.values()) if (room !== undefined) rooms.add(room);
  return [...rooms];
}
