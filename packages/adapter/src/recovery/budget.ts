// The limits of connection state recovery, shared by all namespaces of a server. Without sharing, a server that
// creates namespaces on demand would hold the limits times the number of namespaces.

import type { Clock, DeadlineQueue, Deadlines, Milliseconds, Timed } from "@sockeye/portable";
import { Fifo } from "./fifo.ts";

/** Limits of the state kept for sockets that may return. */
export interface RecoveryLimits {
  /** Milliseconds for which packets and sessions are kept. */
  readonly maxAge: Milliseconds;
  readonly maxPackets: number;
  /** Bytes of the log: encoded packets (characters, where they are text) and what keeping each of them takes. */
  readonly maxBytes: number;
  readonly maxSessions: number;
}

/** A packet as the budget counts it. */
export interface BudgetedPacket {
  readonly at: Milliseconds;
  readonly size: number;
  /** The log that keeps the packet; `null` once the packet was dropped. */
  log: { dropOldest(): void } | null;
}

/** A session as the budget counts it. */
export interface BudgetedSession {
  /** Removes the session from its store. */
  expire(): void;
}

// Packets are checked for their age with every packet that is added. This timer removes the last ones before a silence.
const TRIM_EVERY: Milliseconds = 60_000;
// Entries of cleared logs stay in the list until they outnumber the others by this many.
const SLACK = 1024;

/** Counts packets and sessions of any number of logs, and drops the oldest first, whichever log they are in. */
export class RecoveryBudget implements Timed {
  dueAt = 0;
  queue: DeadlineQueue | null = null;
  earlier: Timed | null = null;
  later: Timed | null = null;
  readonly deadlines: Deadlines;
  readonly limits: RecoveryLimits;
  /** Called when a limit made the budget drop something before its time. */
  onLimit: ((limit: "maxBytes" | "maxPackets" | "maxSessions") => void) | null = null;
  readonly #clock: Clock;
  readonly #order = new Fifo<BudgetedPacket>();
  readonly #sessions = new Set<BudgetedSession>();
  #packets = 0;
  #bytes = 0;

  constructor(limits: RecoveryLimits, deadlines: Deadlines, clock: Clock) {
    this.limits = limits;
    this.deadlines = deadlines;
    this.#clock = clock;
  }

  /** Number of packets kept, over all logs. */
  get packets(): number {
    return this.#packets;
  }

  /** Length of the list of packets in their order, in which some that were removed may still be. */
  get listed(): number {
    return this.#order.size;
  }

  /** Bytes kept, over all logs. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Number of sessions kept, over all namespaces. */
  get sessions(): number {
    return this.#sessions.size;
  }

  now(): Milliseconds {
    return this.#clock.now();
  }

  /** Counts a packet that a log has just added, and drops what is then too old or too much. */
  addPacket(packet: BudgetedPacket): void {
    this.#order.push(packet);
    this.#packets += 1;
    this.#bytes += packet.size;
    this.trim();
    if (this.queue === null && this.#packets > 0) this.deadlines.arm(this, TRIM_EVERY);
  }

  /** A log has dropped a packet before its time. Call `afterRemoving` once after any number of them. */
  removePacket(packet: BudgetedPacket): void {
    packet.log = null;
    this.#packets -= 1;
    this.#bytes -= packet.size;
  }

  /** Releases the memory and the timer that removed packets no longer need. */
  afterRemoving(): void {
    if (this.#order.size > this.#packets * 2 + SLACK) this.#order.filter(({ log }) => log !== null);
    if (this.#packets > 0) return;
    this.#order.clear();
    this.deadlines.disarm(this);
  }

  /** Drops packets that are too old or too many. */
  trim(): void {
    const oldestAllowed = this.#clock.now() - this.limits.maxAge;
    const { maxBytes, maxPackets } = this.limits;
    let isTold = false;
    for (;;) {
      const packet = this.#order.at(0);
      if (packet === undefined) return;
      const { log } = packet;
      if (log !== null) {
        const isOver = this.#bytes > maxBytes || this.#packets > maxPackets;
        if (!isOver && packet.at >= oldestAllowed) return;
        if (isOver && packet.at >= oldestAllowed && !isTold) {
          isTold = true;
          this.onLimit?.(this.#packets > maxPackets ? "maxPackets" : "maxBytes");
        }
        log.dropOldest();
        this.removePacket(packet);
      }
      this.#order.shift();
    }
  }

  onDue(): void {
    this.trim();
    if (this.#packets > 0) this.deadlines.arm(this, TRIM_EVERY);
  }

  /** Counts a session, and drops the oldest when there are too many. */
  addSession(session: BudgetedSession): void {
    this.#sessions.add(session);
    if (this.#sessions.size <= this.limits.maxSessions) return;
    this.onLimit?.("maxSessions");
    for (const oldest of this.#sessions) {
      oldest.expire();
      return;
    }
  }

  removeSession(session: BudgetedSession): void {
    this.#sessions.delete(session);
  }
}
