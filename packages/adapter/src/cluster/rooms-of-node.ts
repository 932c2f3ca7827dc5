// The rooms of another node, as it has announced them: changes in their order, or all of them in parts.

import type { Room } from "../contract.ts";

/** A change of its rooms. */
export interface RoomChange {
  readonly v: number;
  readonly add: readonly Room[];
  readonly drop: readonly Room[];
}

/** A part of all of them. */
export interface RoomState {
  readonly v: number;
  readonly rooms: readonly Room[];
  readonly part: number;
  readonly parts: number;
}

// So many changes wait for the state before them.
const MAX_WAITING = 1000;

/** The rooms of one node. A malformed message makes them unknown. */
export class RoomsOfNode {
  /** The number of the last change. */
  version = 0;
  isKnown = false;
  /** Whether it was never known. */
  isNew = true;
  /** Whether it was asked since the last heartbeat. */
  isAsked = false;
  /** For how many heartbeats it is remembered, when it is not heard any longer. */
  beatsLost: number | null = null;
  readonly #count: (room: Room, by: 1 | -1) => void;
  readonly #rooms = new Set<Room>();
  #waiting: RoomChange[] = [];
  #parts: { readonly v: number; readonly found: Map<number, readonly Room[]> } | null = null;

  /** `count` is called with each room that it has from now on, or no longer. */
  constructor(count: (room: Room, by: 1 | -1) => void) {
    this.#count = count;
  }

  /** A change has arrived. When it is not the next one, nothing is known. */
  onChange(change: RoomChange): void {
    if (this.isKnown && change.v === this.version + 1) {
      this.#apply(change);
      return;
    }
    // It may be newer than the state that is on its way.
    if (this.isKnown) this.forget();
    if (this.#waiting.length < MAX_WAITING) this.#waiting.push(change);
  }

  /** A part of the state. Returns the rooms that it has now and did not have before, when it is complete. */
  onState({ part, parts, rooms, v }: RoomState): readonly Room[] | null {
    if (!Array.isArray(rooms) || (this.isKnown && v <= this.version)) return null;
    if (this.#parts?.v !== v) this.#parts = { v, found: new Map() };
    const { found } = this.#parts;
    found.set(part, rooms);
    if (found.size < parts) return null;
    this.#parts = null;
    const added: Room[] = [...found.values()].flat();
    for (const room of [...this.#rooms]) this.#drop(room);
    for (const room of added) this.#add(room);
    this.version = v;
    this.isKnown = true;
    this.isNew = false;
    const waiting = this.#waiting.splice(0).sort((one, other) => one.v - other.v);
    for (const change of waiting) if (change.v > v) this.onChange(change);
    return added;
  }

  /** Nothing is known until the next state. */
  forget(): void {
    for (const room of [...this.#rooms]) this.#drop(room);
    this.isKnown = false;
    this.#parts = null;
    this.#waiting = [];
  }

  #apply({ add, drop, v }: RoomChange): void {
    this.version = v;
    if (!(Array.isArray(add) && Array.isArray(drop))) {
      this.forget();
      return;
    }
    for (const room of add) this.#add(room);
    for (const room of drop) this.#drop(room);
  }

  #add(room: Room): void {
    if (this.#rooms.has(room)) return;
    this.#rooms.add(room);
    this.#count(room, 1);
  }

  #drop(room: Room): void {
    if (this.#rooms.delete(room)) this.#count(room, -1);
  }
}
