// Follows what is sent over a connection, for those who listen to `flush` and `drain` of `socket.conn` or give `send`
// a callback. Knows nothing of how packets travel: it is told when they are created and when they have left.

import type { EnginePacket } from "@sockeye/protocol";

/** A packet as it stands in `writeBuffer`. */
export type SentPacket = EnginePacket & { readonly options?: { readonly compress: boolean } };

/** Who is told what becomes of packets. */
export interface JournalOwner {
  /** These were handed to the transport. */
  onFlush(packets: readonly SentPacket[]): void;
  /** They were taken, and nothing else waits. */
  onDrained(): void;
  /** Those that were handed on last have left, and their callbacks were called. */
  onLeft(): void;
  /** The packet that came with this callback has left. */
  onSent(callback: SentCallback): void;
  /** Calls back when everything sent so far has left. */
  whenSent(callback: () => void): void;
}

/** Called when a packet has left. */
// biome-ignore lint/suspicious/noExplicitAny: it is given the transport, of which applications know more than we tell.
export type SentCallback = (transport: any) => void;

interface Entry {
  readonly packet: SentPacket;
  readonly callback: SentCallback | null;
}

/** The packets of one connection that have not been handed on, and the callbacks of those that are on their way. */
export class SendJournal {
  readonly #owner: JournalOwner;
  #waiting: Entry[];
  /** Callbacks of what was handed on, until it has left. */
  #underWay: Entry[] | null = null;
  #whenEmpty: (() => void) | null = null;

  /** `waiting`: what has been created before anybody cared. */
  constructor(owner: JournalOwner, waiting: readonly SentPacket[]) {
    this.#owner = owner;
    this.#waiting = waiting.map((packet) => ({ packet, callback: null }));
  }

  /** Packets that have not been handed on. */
  get waiting(): SentPacket[] {
    return this.#waiting.map(({ packet }) => packet);
  }

  created(packet: SentPacket, callback: SentCallback | null): void {
    this.#waiting.push({ packet, callback });
  }

  /** The transport takes packets one after the other: they are handed on unless others are under way. */
  handOn(): void {
    if (this.#underWay !== null || this.#waiting.length === 0) return;
    const entries = this.#take();
    this.#underWay = entries;
    this.#owner.onFlush(entries.map(({ packet }) => packet));
    this.#owner.onDrained();
    this.#owner.whenSent(() => this.#landed());
  }

  /** The transport has taken everything that waited, in one piece, and it has left. */
  taken(): void {
    if (this.#waiting.length === 0) return;
    const entries = this.#take();
    this.#owner.onFlush(entries.map(({ packet }) => packet));
    this.#tell(entries);
    this.#owner.onLeft();
    this.#owner.onDrained();
    this.#settle();
  }

  /** Calls back, once, when nothing waits any more; `false` when nothing does. */
  whenEmpty(callback: () => void): boolean {
    if (this.#waiting.length === 0) return false;
    this.#whenEmpty = callback;
    return true;
  }

  /** The connection has ended. */
  clear(): void {
    this.#waiting = [];
    this.#underWay = null;
    this.#whenEmpty = null;
  }

  #landed(): void {
    const entries = this.#underWay ?? [];
    this.#underWay = null;
    this.#tell(entries);
    this.#owner.onLeft();
    this.handOn();
    this.#settle();
  }

  #tell(entries: readonly Entry[]): void {
    for (const { callback } of entries) if (callback !== null) this.#owner.onSent(callback);
  }

  #settle(): void {
    const whenEmpty = this.#whenEmpty;
    if (whenEmpty === null || this.#waiting.length > 0) return;
    this.#whenEmpty = null;
    whenEmpty();
  }

  #take(): Entry[] {
    const entries = this.#waiting;
    this.#waiting = [];
    return entries;
  }
}
