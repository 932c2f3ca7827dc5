// The log in memory: recent packets, encoded, with an index by room. The cost of restoring a socket grows with what it
// is sent, not with what is kept: the packets of each room are linked from the newest to the oldest.

import type { Milliseconds } from "@sockeye/portable";
import type { Encoded, Frame } from "@sockeye/protocol";
import type { Missed, MissedRange, Room, Session } from "../contract.ts";
import type { BudgetedPacket, RecoveryBudget } from "./budget.ts";
import { Fifo } from "./fifo.ts";
import type { Log, LogEntry } from "./log.ts";

/** No packet has this number: numbers begin with 0. Also the number of the beginning of a log. */
const NONE = -1;

// Bytes beside the characters of a packet, as measured on Node 20, a little too much rather than too little:
// the entry with its string; a list of several rooms, and each room in it; a room that becomes known to the index.
const ENTRY = 160;
const LIST = 160;
const LISTED = 48;
const INDEXED = 64;

/** The position of a packet in the index. */
interface Links {
  /**
   * One room that is text; several or others, each with the number of the packet before in that room; `null` for every
   * socket.
   */
  readonly rooms: Room | ReadonlyMap<Room, number> | null;
  /** Number of the packet before with the same address, where that is one room or every socket. */
  readonly previous: number;
}

/** A stored packet. A class, because an object made from spread literals takes four times the memory. */
class Stored implements BudgetedPacket, Links {
  readonly at: Milliseconds;
  readonly size: number;
  log: PacketLog | null;
  readonly encoded: Encoded;
  readonly rooms: Links["rooms"];
  readonly previous: number;
  readonly except: Room | ReadonlySet<Room> | null;

  constructor(
    packet: { readonly encoded: Encoded; readonly except: Stored["except"]; readonly links: Links },
    counted: { readonly at: Milliseconds; readonly size: number; readonly log: PacketLog },
  ) {
    this.at = counted.at;
    this.size = counted.size;
    this.log = counted.log;
    this.encoded = packet.encoded;
    this.rooms = packet.links.rooms;
    this.previous = packet.links.previous;
    this.except = packet.except;
  }
}

function sizeOf(encoded: Encoded): number {
  if (typeof encoded === "string" || encoded instanceof Uint8Array) return encoded.length;
  let size = 0;
  for (const frame of encoded as readonly Frame[]) size += frame.length;
  return size;
}

/** What keeping a packet takes beside its characters; `indexed` rooms are new to the index. */
function overheadOf({ except, rooms }: LogEntry, indexed: number): number {
  let size = ENTRY + indexed * INDEXED;
  if (rooms.size > 1) size += LIST + rooms.size * LISTED;
  if (except.size > 1) size += LIST + except.size * LISTED;
  return size;
}

/**
 * A set with one member as that member, because most packets have one room and no exception. Only text: applications
 * use numbers and other values as rooms, too, which could be confused with the other forms.
 */
function compact(rooms: ReadonlySet<Room>): Room | ReadonlySet<Room> | null {
  if (rooms.size === 0) return null;
  const [first] = rooms;
  return rooms.size === 1 && typeof first === "string" ? first : new Set(rooms);
}

// The format of offsets: the epoch of the log, a dot and a number in base 36.
const FORM = /^[\w-]{1,20}\.-?[0-9a-z]{1,10}$/;

/** Packets in the order in which they were sent, each named by an offset. */
export class PacketLog implements Log {
  readonly #budget: RecoveryBudget;
  /** Distinguishes this log's offsets from those of other logs, such as that of an earlier process. */
  readonly #epoch: string;
  readonly #entries = new Fifo<Stored>();
  /** Number of the first entry kept. */
  #first = 0;
  /** Number of the newest packet to every socket. */
  #newestToAll = NONE;
  /** Number of the newest packet by room. Rooms without a packet that is kept have no entry. */
  readonly #newest = new Map<Room, number>();
  /** Number of the newest packet that excepts a room. */
  readonly #newestExcept = new Map<Room, number>();
  #looked = 0;

  /** `first`: the number of the first packet. */
  constructor(budget: RecoveryBudget, epoch: string, first = 0) {
    this.#budget = budget;
    this.#epoch = epoch;
    this.#first = first;
  }

  /** Number of packets kept. */
  get size(): number {
    return this.#entries.size;
  }

  /** Number of rooms in the index. */
  get rooms(): number {
    return this.#newest.size + this.#newestExcept.size;
  }

  /** Number of packets visited by searches since the log was created, for tests of cost. */
  get looked(): number {
    return this.#looked;
  }

  /** Number of the packet that was sent last. */
  get last(): number {
    return this.#first + this.size - 1;
  }

  /** The offset of the packet that will be sent next. */
  nextOffset(): string {
    return this.offsetOf(this.last + 1);
  }

  /** The offset of the packet that was sent last, or of the beginning. */
  lastOffset(): string {
    return this.offsetOf(this.last);
  }

  offsetOf(number: number): string {
    return `${this.#epoch}.${number.toString(36)}`;
  }

  /** The number in an offset; `null` when it is no offset of this log. */
  numberOf(offset: string): number | null {
    if (!this.#isOwn(offset) || !FORM.test(offset)) return null;
    const number = Number.parseInt(offset.slice(this.#epoch.length + 1), 36);
    return number <= this.last ? number : null;
  }

  /** Whether a client may have been given this text as an offset, by this log or by another. */
  isOffset(offset: string): boolean {
    return this.#isOwn(offset) ? this.numberOf(offset) !== null : FORM.test(offset);
  }

  /** Whether a packet that is kept was sent to a room, or excepts it. */
  mentions(room: Room): boolean {
    return this.#newest.has(room) || this.#newestExcept.has(room);
  }

  /** `offset` is that of `nextOffset()`, where the caller has it already. */
  append(entry: LogEntry, offset: string = this.nextOffset()): string {
    const { encoded, except, rooms } = entry;
    const number = this.last + 1;
    const before = this.rooms;
    // A small integer takes no heap memory.
    const at = Math.floor(this.#budget.now());
    const links = this.#link(rooms, number);
    const excepted = compact(except);
    if (excepted !== null) for (const room of except) this.#newestExcept.set(room, number);
    const size = sizeOf(encoded) + overheadOf(entry, this.rooms - before);
    const stored = new Stored({ encoded, except: excepted, links }, { at, size, log: this });
    this.#entries.push(stored);
    this.#budget.addPacket(stored);
    return offset;
  }

  /** Called by the budget. Costs as much as the packet has rooms. */
  dropOldest(): void {
    const entry = this.#entries.shift();
    if (entry === undefined) return;
    const number = this.#first;
    this.#first += 1;
    const { except, rooms } = entry;
    if (typeof rooms === "string") forget(this.#newest, rooms, number);
    else if (rooms !== null) for (const room of rooms.keys()) forget(this.#newest, room, number);
    if (typeof except === "string") forget(this.#newestExcept, except, number);
    else if (except !== null) for (const room of except) forget(this.#newestExcept, room, number);
  }

  /** Drops everything; offsets continue from where they were. */
  clear(): void {
    for (let at = 0; at < this.size; at++) {
      const entry = this.#entries.at(at);
      if (entry !== undefined) this.#budget.removePacket(entry);
    }
    this.#first += this.size;
    this.#entries.clear();
    this.#newest.clear();
    this.#newestExcept.clear();
    this.#budget.afterRemoving();
  }

  /**
   * The number after which the replay begins, for the offset that the client names, if any. Never before its session
   * began, so that an early offset does not reveal packets for others. `null` when the offset is unknown here.
   */
  resumeAt(session: Session, offset: string | undefined): string | null {
    const began = this.numberOf(session.offset ?? "");
    // Of another log: the client has received nothing since it left that one.
    const isForeign = offset === undefined || (FORM.test(offset) && !this.#isOwn(offset));
    const named = isForeign ? began : this.numberOf(offset);
    if (began === null || named === null) return null;
    const has = Math.max(began, named);
    const [sent, left] = [this.numberOf(session.sent ?? ""), this.numberOf(session.left ?? "")];
    const hasAll = sent !== null && left !== null && has >= sent;
    return this.offsetOf(hasAll ? Math.max(has, left) : has);
  }

  /** Whether every packet after an offset is still kept. */
  reachesBackTo(offset: string): boolean {
    const number = this.numberOf(offset);
    return number !== null && number + 1 >= this.#first;
  }

  /**
   * The packets after `offset` that a member of `rooms` would have received; `null` when the offset is not of this
   * log, or packets after it were dropped. Visits only the packets of the rooms.
   */
  missedSince(offset: string, rooms: ReadonlySet<Room>, range: MissedRange = {}): Missed | null {
    const from = this.numberOf(offset);
    if (from === null || from + 1 < this.#first) return null;
    const until = this.numberOf(range.until ?? "") ?? this.last;
    const joined = this.#numbersOf(range.joined);
    const found: number[] = [];
    this.#collect(found, from, { newest: this.#newestToAll, room: "" });
    for (const room of rooms) {
      const newest = this.#newest.get(room) ?? NONE;
      this.#collect(found, Math.max(from, joined?.get(room) ?? from), { newest, room });
    }
    found.sort((a, b) => a - b);
    const packets: Encoded[] = [];
    let last = from;
    for (const number of found) {
      // A packet to several rooms was found once for each of them.
      if (number === last || number > until) continue;
      const entry = this.#at(number);
      if (entry === undefined || isExcepted(entry.except, rooms, { joined, number })) continue;
      packets.push(entry.encoded);
      last = number;
    }
    return { packets, last: this.offsetOf(last) };
  }

  /** Adds the numbers after `after` of the packets to a room, which are linked from the newest one. */
  #collect(
    found: number[],
    after: number,
    { newest, room }: { readonly newest: number; readonly room: Room },
  ): void {
    for (let number = newest; number > after; ) {
      const entry = this.#at(number);
      if (entry === undefined) return;
      this.#looked += 1;
      found.push(number);
      const { previous, rooms } = entry;
      number = rooms instanceof Map ? ((rooms.get(room) as number | undefined) ?? NONE) : previous;
    }
  }

  /** Enters a packet into the index. */
  #link(rooms: ReadonlySet<Room>, number: number): Links {
    if (rooms.size === 0) {
      const previous = this.#newestToAll;
      this.#newestToAll = number;
      return { rooms: null, previous };
    }
    const [first] = rooms;
    if (rooms.size === 1 && typeof first === "string") {
      const previous = this.#newest.get(first) ?? NONE;
      this.#newest.set(first, number);
      return { rooms: first, previous };
    }
    const links = new Map<Room, number>();
    for (const room of rooms) {
      links.set(room, this.#newest.get(room) ?? NONE);
      this.#newest.set(room, number);
    }
    return { rooms: links, previous: NONE };
  }

  #at(number: number): Stored | undefined {
    return number < this.#first ? undefined : this.#entries.at(number - this.#first);
  }

  #isOwn(offset: string): boolean {
    return offset.startsWith(`${this.#epoch}.`);
  }

  #numbersOf(joined: MissedRange["joined"]): ReadonlyMap<Room, number> | null {
    if (joined === undefined || joined.length === 0) return null;
    // The join position in another log is unknown: no packet of that room is replayed.
    return new Map(joined.map(([room, at]) => [room, this.numberOf(at) ?? this.last]));
  }
}

function forget(index: Map<Room, number>, room: Room, number: number): void {
  if (index.get(room) === number) index.delete(room);
}

/** Whether a member of `rooms` was excepted from a packet: only a room that it had joined by then counts. */
function isExcepted(
  except: Stored["except"],
  rooms: ReadonlySet<Room>,
  at: { readonly joined: ReadonlyMap<Room, number> | null; readonly number: number },
): boolean {
  if (except === null) return false;
  const counts = (room: Room): boolean => (at.joined?.get(room) ?? NONE) < at.number;
  if (typeof except === "string") return rooms.has(except) && counts(except);
  const [few, many] = except.size < rooms.size ? [except, rooms] : [rooms, except];
  for (const room of few) if (many.has(room) && counts(room)) return true;
  return false;
}
