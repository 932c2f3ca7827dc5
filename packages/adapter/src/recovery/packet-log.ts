// What was broadcast lately, encoded, for sockets that come back. Bounded by age, count and bytes;
// what has been dropped is known to be gone, so that nobody is told that nothing was missed.

import type { Milliseconds } from "@sockeye/portable";
import type { Encoded, Frame } from "@sockeye/protocol";
import type { Room } from "../contract.ts";

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

/** Packets in the order in which they were sent, each named by an offset. */
export class PacketLog {
  readonly #limits: LogLimits;
  /** Makes offsets of another log, of an earlier process for instance, unknown here. */
  readonly #epoch: string;
  #entries: Stored[] = [];
  /** Number of the first entry kept. */
  #first = 0;
  #bytes = 0;

  constructor(limits: LogLimits, epoch: string) {
    this.#limits = limits;
    this.#epoch = epoch;
  }

  /** Number of packets kept. */
  get size(): number {
    return this.#entries.length;
  }

  /** The offset of the packet that will be sent next. */
  nextOffset(): string {
    return this.#name(this.#first + this.#entries.length);
  }

  /** The offset of the packet that was sent last, or of the beginning: nothing after it has been sent. */
  lastOffset(): string {
    return this.#name(this.#first + this.#entries.length - 1);
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
    let dropped = 0;
    for (const { at, size } of this.#entries) {
      const isOver =
        now - at > maxAge || this.#bytes > maxBytes || this.#entries.length - dropped > maxPackets;
      if (!isOver) break;
      this.#bytes -= size;
      dropped += 1;
    }
    if (dropped === 0) return;
    this.#entries.splice(0, dropped);
    this.#first += dropped;
  }

  /**
   * The packets after `offset` that a member of `rooms` would have received;
   * `null` when the offset is not of this log, or packets after it have been dropped.
   */
  missedSince(offset: string, rooms: ReadonlySet<Room>): Encoded[] | null {
    const number = this.#numberOf(offset);
    if (number === null || number + 1 < this.#first) return null;
    const missed: Encoded[] = [];
    for (let at = number + 1 - this.#first; at < this.#entries.length; at++) {
      const entry = this.#entries[at];
      if (entry === undefined) return null;
      const isAddressed = entry.rooms.size === 0 || intersects(entry.rooms, rooms);
      if (isAddressed && !intersects(entry.except, rooms)) missed.push(entry.encoded);
    }
    return missed;
  }

  #name(number: number): string {
    return `${this.#epoch}.${number.toString(36)}`;
  }

  #numberOf(offset: string): number | null {
    const [epoch, digits = ""] = offset.split(".");
    if (epoch !== this.#epoch || !/^-?[0-9a-z]{1,10}$/.test(digits)) return null;
    const number = Number.parseInt(digits, 36);
    return number < this.#first + this.#entries.length ? number : null;
  }
}
