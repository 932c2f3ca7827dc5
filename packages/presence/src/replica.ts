// What is known of the sessions of another server. Changes are numbered: what is missing, for whatever reason, is noticed
// at the next change or heartbeat, and then all sessions are asked for. Pure.

import type { Message } from "./messages.ts";
import type { Entry } from "./users.ts";

type Change = Extract<Message, { op: "change" }>;
type State = Extract<Message, { op: "state" }>;

/** Called for each session that is there, has changed, or is gone. */
export type EntrySink = (id: string, entry: Entry | null) => void;

/** Changes that arrived before the state that they belong behind. */
const MAX_AHEAD = 1000;
const UNKNOWN = -1;

/** The sessions of one other server. */
export class Replica {
  readonly entries: Map<string, Entry> = new Map();
  /** The number of the last change; `UNKNOWN` before the first state. */
  #version = UNKNOWN;
  /** Parts of a state that is arriving. */
  #arriving: { readonly version: number; readonly parts: Map<number, State> } | null = null;
  #ahead: Change[] = [];
  #isAsked = false;
  readonly #sink: EntrySink;

  constructor(sink: EntrySink) {
    this.#sink = sink;
  }

  /** Whether the state is to be asked for now; `true` once until `askAgain`, so that many losses cause one request. */
  ask(): boolean {
    const isNew = !this.#isAsked;
    this.#isAsked = true;
    return isNew;
  }

  /** The answer may have been lost: it may be asked for once more. */
  askAgain(): void {
    this.#isAsked = false;
  }

  /** The server says which change was its last. Returns whether something is missing. */
  digest(version: number): boolean {
    return version > this.#version;
  }

  /** Takes a change. Returns whether something is missing. */
  change(change: Change): boolean {
    if (change.v <= this.#version) return false;
    if (this.#version !== UNKNOWN && change.v === this.#version + 1) {
      this.#apply(change);
      return false;
    }
    // What is missing comes with the state, and this behind it.
    if (this.#ahead.length < MAX_AHEAD) this.#ahead.push(change);
    return true;
  }

  /** Takes a part of the state. Returns whether it was the last that was missing. */
  state(state: State): boolean {
    if (state.v < this.#version) return false;
    if (this.#arriving === null || state.v > this.#arriving.version) {
      this.#arriving = { version: state.v, parts: new Map() };
    }
    const { parts, version } = this.#arriving;
    if (state.v !== version) return false;
    parts.set(state.part, state);
    if (parts.size < state.of) return false;
    this.#arriving = null;
    this.#isAsked = false;
    this.#replace([...parts.values()].flatMap(({ set }) => set));
    this.#version = version;
    this.#catchUp();
    return true;
  }

  /** The server has ended. */
  clear(): void {
    for (const id of [...this.entries.keys()]) this.#put(id, null);
  }

  #replace(all: readonly Entry[]): void {
    const kept = new Set(all.map(({ id }) => id));
    for (const id of [...this.entries.keys()]) if (!kept.has(id)) this.#put(id, null);
    for (const entry of all) this.#put(entry.id, entry);
  }

  #catchUp(): void {
    const ahead = this.#ahead;
    this.#ahead = [];
    for (const change of ahead) this.change(change);
  }

  #apply({ del, set, v }: Change): void {
    for (const id of del) this.#put(id, null);
    for (const entry of set) this.#put(entry.id, entry);
    this.#version = v;
  }

  #put(id: string, entry: Entry | null): void {
    if (entry !== null) this.entries.set(id, entry);
    else if (!this.entries.delete(id)) return;
    this.#sink(id, entry);
  }
}
