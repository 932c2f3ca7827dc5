// What was broadcast lately, encoded, for sockets that come back. Bounded by age, count and bytes;
// what has been dropped is known to be gone, so that nobody is told that nothing was missed.

import type { Milliseconds } from "@sockeye/portable";
import type { Encoded, Frame } from "@sockeye/protocol";
import type { Missed, Room, Session } from "../contract.ts";

/** Bounds of a log. The oldest packets are dropped first. */
export interface LogLimits {
  /** How long a packet is kept. */
  readonly maxAge: Milliseconds;
  readonly maxPackets: number;
  /** Bytes (or characters) of encoded packets. */
  readonly maxBytes: number;
}

/** A packet with its address. */
export interface LogEntry {
  readonly encoded: Encoded;
  readonly rooms: ReadonlySet<Room>;
  readonly except: ReadonlySet<Room>;
}

interface Stored extends LogEntry {
  readonly at: Milliseconds;
  readonly size: number;
}

function sizeOf(encoded: Encoded): number {
  if (typeof encoded === "string" || encoded instanceof Uint8Array) return encoded.length;
  let size = 0;
  for (const frame of encoded as readonly Frame[]) size += frame.length;
  return size;
}

function intersects(some: ReadonlySet<Room>, rooms: ReadonlySet<Room>): boolean {
  for (const room of some) if (rooms.has(room)) return true;
  return false;
}

// How offsets look: the text of a log, a dot and a number to the base of 36.
const FORM = /^[\w-]{1,20}\.-?[0-9a-z]{1,10}$/;

// As much of the front of an array may be empty before it is cut off: dropping is then cheap on average.
const SLACK = 1024;

/** Packets in the order in which they were sent, each named by an offset. */
export class PacketLog {
  readonly #limits: LogLimits;
  /** Makes offsets of another log, of an earlier process for instance, unknown here. */
  readonly #epoch: string;
  #entries: (Stored | undefined)[] = [];
  /** Where the first entry kept stands in the array. */
  #head = 0;
  /** Number of the first entry kept. */
  #first = 0;
  #bytes = 0;

  constructor(limits: LogLimits, epoch: string) {
    this.#limits = limits;
    this.#epoch = epoch;
  }

  /** Number of packets kept. */
  get size(): number {
    return this.#entries.length - this.#head;
  }

  /** The offset of the packet that will be sent next. */
  nextOffset(): string {
    return this.#name(this.#first + this.size);
  }

  /** The offset of the packet that was sent last, or of the beginning: nothing after it has been sent. */
  lastOffset(): string {
    return this.#name(this.#first + this.size - 1);
  }

  append(entry: LogEntry, now: Milliseconds): void {
    const size = sizeOf(entry.encoded);
    this.#entries.push({ ...entry, at: now, size });
    this.#bytes += size;
    this.trim(now);
  }

  /** Drops what is too old or too much. */
  trim(now: Milliseconds): void {
    const { maxAge, maxBytes, maxPackets } = this.#limits;
    for (;;) {
      const entry = this.#entries[this.#head];
      if (entry === undefined) break;
      const isOver = now - entry.at > maxAge || this.#bytes > maxBytes || this.size > maxPackets;
      if (!isOver) break;
      this.#bytes -= entry.size;
      this.#entries[this.#head] = undefined;
      this.#head += 1;
      this.#first += 1;
    }
    if (this.#head <= SLACK && this.size > 0) return;
    if (this.#head * 2 < this.#entries.length) return;
    this.#entries.splice(0, this.#head);
    this.#head = 0;
  }

  /** Drops everything; offsets go on from where they were. */
  clear(): void {
    this.#first += this.size;
    this.#entries = [];
    this.#head = 0;
    this.#bytes = 0;
  }

  /**
   * From where somebody continues whose client names `offset`, or none. Never from before the session began:
   * who invents an early offset does not get what others were sent.
   * `null` when the offset means nothing here.
   */
  resumeAt(session: Session, offset: string | undefined): string | null {
    const began = this.#numberOf(session.offset ?? "");
    // Of another log: the client has received nothing since it left that one.
    const isForeign = offset === undefined || (FORM.test(offset) && !this.#isOwn(offset));
    const named = isForeign ? began : this.#numberOf(offset);
    if (began === null || named === null) return null;
    const has = Math.max(began, named);
    const [sent, left] = [this.#numberOf(session.sent ?? ""), this.#numberOf(session.left ?? "")];
    const hasAll = sent !== null && left !== null && has >= sent;
    return this.#name(hasAll ? Math.max(has, left) : has);
  }

  /**
   * The packets after `offset` that a member of `rooms` would have received;
   * `null` when the offset is not of this log, or packets after it have been dropped.
   */
  missedSince(offset: string, rooms: ReadonlySet<Room>): Missed | null {
    const number = this.#numberOf(offset);
    if (number === null || number + 1 < this.#first) return null;
    const packets: Encoded[] = [];
    let last = number;
    for (let each = number + 1; each < this.#first + this.size; each++) {
      const entry = this.#entries[each - this.#first + this.#head];
      if (entry === undefined) return null;
      const isAddressed = entry.rooms.size === 0 || intersects(entry.rooms, rooms);
      if (!isAddressed || intersects(entry.except, rooms)) continue;
      packets.push(entry.encoded);
      last = each;
    }
    return { packets, last: this.#name(last) };
  }

  #name(number: number): string {
    return `${this.#epoch}.${number.toString(36)}`;
  }

  #isOwn(offset: string): boolean {
    return offset.startsWith(`${this.#epoch}.`);
  }

  #numberOf(offset: string): number | null {
    if (!this.#isOwn(offset) || !FORM.test(offset)) return null;
    const number = Number.parseInt(offset.slice(this.#epoch.length + 1), 36);
    return number < this.#first + this.size ? number : null;
  }
}
