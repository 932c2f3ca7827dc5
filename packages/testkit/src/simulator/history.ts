// What has happened in a simulation, as one who sees all would write it down: the events and their places in the log, the
// sessions with their rooms, what clients have heard. Oracles judge it.

import type { Milliseconds } from "@sockeye/portable";

/** A place in the order of events: an offset of the log, a number of the server's own log, or a time on a bus alone. */
export interface Place {
  readonly epoch: string;
  readonly offset: number;
}

/** An event that a server has sent. */
export interface SentEvent {
  readonly number: number;
  /** The server, and which of its events it is. */
  readonly sender: string;
  readonly seq: number;
  readonly rooms: readonly string[];
  readonly except: readonly string[];
  /** Local and volatile events are kept nowhere. */
  readonly flag: "local" | "none" | "volatile";
  readonly at: Milliseconds;
  /** The time of the simulation. */
  readonly sentAt: Milliseconds;
  readonly bytes: number;
  /** The other servers that the sender knew. */
  readonly known: ReadonlySet<string>;
  /** A question to one socket of the sender, or to the sockets of all servers, is kept nowhere. */
  readonly question?: "all" | "one";
  outcome: "failed" | "refused" | "sent" | "untracked" | "waiting";
  /** Its offset in each epoch. */
  readonly places: Map<string, number>;
}

/** What stands in the log at a place. */
export type Entry =
  | { readonly offset: number; readonly kind: "event"; readonly event: SentEvent }
  | {
      readonly offset: number;
      readonly kind: "gap";
      readonly writer: string;
      readonly missed: number;
    }
  | { readonly offset: number; readonly kind: "other" };

/** A stay in a room. */
export interface Stay {
  readonly room: string;
  from: number;
  /** Until when; `null` while it lasts. */
  to: number | null;
  /** Whether it survives a crash. */
  isCertain: boolean;
  /** Whether events may be missing: it was lost with a server, or the room was left. */
  isLoose: boolean;
}

/** A session, from CONNECT to the next one with another private id. */
export interface SimSession {
  readonly name: string;
  readonly sid: string;
  readonly client: string;
  readonly begin: Place;
  readonly beganAt: Milliseconds;
  /** The server that has it, or had it last. */
  node: string;
  readonly heard: SentEvent[];
  /** Questions that came so late that they were not held back any longer. */
  readonly late: Set<SentEvent>;
  readonly stays: Stay[];
  recoveries: number;
  /** One side has ended it on purpose. */
  isOver: boolean;
  /** Whether the client knows of it. */
  isKnown: boolean;
  /** On a bus alone: what its server has written for it, and when. */
  readonly written: { readonly event: SentEvent; readonly at: number }[];
}

/** The promise that was broken. */
export type Promised = "buffers" | "duplicate" | "loss" | "membership" | "order" | "recovered";

/** Something that must not be. */
export interface Finding {
  readonly oracle: Promised;
  readonly text: string;
  readonly at: Milliseconds;
}

/** A gap that was reported at a server. */
export interface ToldGap {
  readonly node: string;
  readonly from: string;
  readonly missed: number;
  readonly at: number;
}

/** The epoch of places on a bus alone. */
export const UNORDERED = "unordered";

/** What has happened. */
export class History {
  readonly events: SentEvent[] = [];
  readonly logs: Map<string, Entry[]> = new Map();
  /** By private id, or by socket where there is none. */
  readonly sessions: Map<string, SimSession> = new Map();
  readonly findings: Finding[] = [];
  readonly gaps: ToldGap[] = [];
  /** When a server has first known another one, as `node>other`. */
  readonly known: Map<string, number> = new Map();
  /** When a server was seen to have ended by another one. */
  readonly left: Map<string, number> = new Map();
  /** Counts what happens, for an order where there is no log. */
  ticks = 0;
  readonly #bySid = new Map<string, SimSession>();
  readonly #unwritten = new Map<string, Set<SentEvent>>();
  readonly #trace: string[] | null;
  readonly #now: () => Milliseconds;

  constructor(now: () => Milliseconds, isTracing: boolean) {
    this.#now = now;
    this.#trace = isTracing ? [] : null;
  }

  get trace(): readonly string[] {
    return this.#trace ?? [];
  }

  get now(): Milliseconds {
    return this.#now();
  }

  get isTracing(): boolean {
    return this.#trace !== null;
  }

  /** Writes a line of the trace. */
  note(text: string): void {
    this.#trace?.push(`${String(this.#now()).padStart(6)}  ${text}`);
  }

  find(oracle: Promised, text: string): void {
    this.note(`!!! ${oracle}: ${text}`);
    // One finding of a kind is enough for a seed.
    if (this.findings.length < 20) this.findings.push({ oracle, text, at: this.#now() });
  }

  log(epoch: string): Entry[] {
    const log = this.logs.get(epoch) ?? [];
    this.logs.set(epoch, log);
    return log;
  }

  /** An event that a server has sent, and that is neither in the log nor refused. */
  isUnwritten({ flag, outcome, places }: SentEvent): boolean {
    return outcome === "waiting" && flag !== "local" && places.size === 0;
  }

  /** The bytes of all of them. What was sent at this moment may be refused in its turn yet. */
  unwrittenBytes(sender: string): number {
    const unwritten = this.#unwritten.get(sender);
    let bytes = 0;
    for (const event of unwritten ?? []) {
      if (!this.isUnwritten(event)) unwritten?.delete(event);
      else if (event.sentAt < this.now) bytes += event.bytes;
    }
    return bytes;
  }

  /** A server has sent an event. */
  add(event: SentEvent): void {
    this.events.push(event);
    const unwritten = this.#unwritten.get(event.sender) ?? new Set();
    this.#unwritten.set(event.sender, unwritten.add(event));
  }

  /** The session with which a server has welcomed a socket last. */
  sessionOf(sid: string): SimSession | undefined {
    return this.#bySid.get(sid);
  }

  /** A server welcomes a socket. */
  welcome(session: SimSession): void {
    this.#bySid.set(session.sid, session);
  }
}

/** How certain it is that an event was for a session. */
export type Address = "must" | "may" | "not";

/** Whether a session was in a room when an event got its place. */
function isIn({ begin, sid, stays }: SimSession, room: string, offset: number): Address {
  const isFuzzy = begin.epoch === UNORDERED;
  if (room === "x") return "may";
  if (room === sid) return offset > begin.offset ? "must" : "not";
  let found: Address = "not";
  for (const stay of stays) {
    if (stay.room !== room) continue;
    const isWithin = offset > stay.from && (stay.to === null || offset <= stay.to);
    if (isWithin && !stay.isLoose) return "must";
    if (isFuzzy || isWithin) found = "may";
  }
  return found;
}

/**
 * Whether an event at an offset was for a session. Room `x` is changed by all servers: nothing is
 * certain there. Nor is it on a bus alone, where an event may have been under way when a room was joined.
 */
export function addressOf(session: SimSession, event: SentEvent, offset: number): Address {
  const { except, flag, rooms } = event;
  const stands = rooms.map((room) => isIn(session, room, offset));
  const excepted = except.map((room) => isIn(session, room, offset));
  if (offset <= session.begin.offset) return session.begin.epoch === UNORDERED ? "may" : "not";
  if (excepted.includes("must")) return session.begin.epoch === UNORDERED ? "may" : "not";
  const isHit = rooms.length === 0 || stands.includes("must");
  if (!isHit && !stands.includes("may")) return "not";
  return isHit && !excepted.includes("may") && flag === "none" ? "must" : "may";
}
