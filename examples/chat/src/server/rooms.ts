// The rooms and their newest messages, in memory. Knows nothing of sockets or of who is online:
// whoever asks for a new room says which ones are in use.

import type { Message, RoomSummary } from "../shared/events.ts";
import { historyLength, maxRooms } from "../shared/limits.ts";
import { lobby } from "../shared/names.ts";
import { Refusal } from "./refusal.ts";

/** One room: its newest messages, and how many there ever were. */
export class Room {
  readonly name: string;
  #count = 0;
  #messages: Message[] = [];

  constructor(name: string) {
    this.name = name;
  }

  /** Adds a message, giving it its time and number. Drops the oldest when the history is full. */
  add(message: Omit<Message, "room" | "at" | "number">): Message {
    const last = this.#messages.at(-1);
    const at = Math.max(Date.now(), (last?.at ?? 0) + 1);
    this.#count += 1;
    const added: Message = { ...message, room: this.name, at, number: this.#count };
    this.#messages = [...this.#messages, added].slice(-historyLength);
    return added;
  }

  /** The message an author posted under this id, if it is still in the history. */
  find(authorId: string, id: string): Message | undefined {
    return this.#messages.find((message) => message.id === id && message.author.id === authorId);
  }

  /** The newest messages, oldest first. */
  history(): readonly Message[] {
    return this.#messages;
  }

  summary(): RoomSummary {
    return { name: this.name, count: this.#count };
  }
}

/** All rooms by name. The lobby always exists. */
export class Rooms {
  #rooms: Map<string, Room> = new Map([[lobby, new Room(lobby)]]);

  get(name: string): Room | undefined {
    return this.#rooms.get(name);
  }

  /** Makes a new room. When there are too many, an unused one has to go first. */
  create(name: string, inUse: ReadonlySet<string>): Room {
    if (this.#rooms.size >= maxRooms) this.#dropOneUnused(inUse);
    const room = new Room(name);
    this.#rooms.set(name, room);
    return room;
  }

  list(): readonly RoomSummary[] {
    return Array.from(this.#rooms.values(), (room) => room.summary());
  }

  #dropOneUnused(inUse: ReadonlySet<string>): void {
    for (const name of this.#rooms.keys()) {
      if (name === lobby || inUse.has(name)) continue;
      this.#rooms.delete(name);
      return;
    }
    throw new Refusal("too-many-rooms", `There are ${maxRooms} rooms already, all of them in use.`);
  }
}
