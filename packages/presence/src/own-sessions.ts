// The sessions of this server, and what the others are told of them: what one turn has changed, or all of them.

import type { Message } from "./messages.ts";
import type { Entry } from "./users.ts";

/** Where messages go, and how long they may be. */
export interface OwnPort {
  readonly maxLength: number;
  /** Other servers see this session without metadata and rooms. */
  onTooLong(id: string): void;
}

// A message without its entries.
const FRAME = 200;

/** The sessions of this server. */
export class OwnSessions {
  readonly entries: Map<string, Entry> = new Map();
  readonly #port: OwnPort;
  /** The number of the last change that the others were told. */
  #version = 0;
  /** Ids of sessions that have changed since then. */
  readonly #changed = new Set<string>();

  constructor(port: OwnPort) {
    this.#port = port;
  }

  get version(): number {
    return this.#version;
  }

  /** Sets a session; `null` ends it. Returns whether it is the first change that the others have not been told. */
  set(id: string, entry: Entry | null): boolean {
    if (entry !== null) this.entries.set(id, entry);
    else this.entries.delete(id);
    this.#changed.add(id);
    return this.#changed.size === 1;
  }

  /** What the others have not been told yet. */
  takeChanges(): Message[] {
    const ids = [...this.#changed];
    this.#changed.clear();
    const gone = ids.filter((id) => !this.entries.has(id));
    const there = ids.flatMap((id) => this.entries.get(id) ?? []);
    const gones = this.#chunks(gone, (id) => id);
    const sets = this.#chunks(there, (entry) => this.#sendable(entry));
    return [
      ...gones.map((del) => ({ op: "change", v: this.#next(), set: [], del }) as const),
      ...sets.map((set) => ({ op: "change", v: this.#next(), set, del: [] }) as const),
    ];
  }

  /** All sessions. To be called when there are no changes. */
  state(): Message[] {
    const chunks = this.#chunks([...this.entries.values()], (entry) => this.#sendable(entry));
    const parts = chunks.length === 0 ? [[]] : chunks;
    const v = this.#version;
    return parts.map((set, part) => ({ op: "state", v, part, of: parts.length, set }));
  }

  #next(): number {
    this.#version += 1;
    return this.#version;
  }

  #sendable(entry: Entry): Entry {
    if (JSON.stringify(entry).length + FRAME <= this.#port.maxLength) return entry;
    this.#port.onTooLong(entry.id);
    return { id: entry.id, user: entry.user };
  }

  /** Lists whose JSON is not too long. */
  #chunks<T, Sent>(list: readonly T[], sendable: (one: T) => Sent): Sent[][] {
    const chunks: Sent[][] = [];
    let room = 0;
    for (const one of list) {
      const sent = sendable(one);
      const length = JSON.stringify(sent).length + 1;
      if (length > room) {
        chunks.push([]);
        room = this.#port.maxLength - FRAME;
      }
      (chunks.at(-1) as Sent[]).push(sent);
      room -= length;
    }
    return chunks;
  }
}
