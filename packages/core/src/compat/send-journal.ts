// Tracks the packets sent over a connection, for listeners of `flush` and `drain` of `socket.conn` and for callbacks of
// `send`. Does not know transports: its owner reports when packets are created and sent.

import type { EnginePacket } from "@sockeye/protocol";

/** A packet in the form of `writeBuffer`. */
export type SentPacket = EnginePacket & { readonly options?: { readonly compress: boolean } };

/** The receiver of reports. */
export interface JournalOwner {
  /** These packets were passed to the transport. */
  onFlush(packets: readonly SentPacket[]): void;
  /** They were accepted, and no other packet waits. */
  onDrained(): void;
  /** The packets passed on last are sent, and their callbacks were called. */
  onLeft(): void;
  /** The packet of this callback is sent. */
  onSent(callback: SentCallback): void;
  /** Calls back when everything accepted so far is sent. */
  whenSent(callback: () => void): void;
}

/** Called when a packet is sent. */
// biome-ignore lint/suspicious/noExplicitAny: its argument is the transport, which applications may cast.
export type SentCallback = (transport: any) => void;

interface Entry {
  readonly packet: SentPacket;
  readonly callback: SentCallback | null;
}

/** The unsent packets of one connection, and the callbacks of those being sent. */
export class SendJournal {
  readonly #owner: JournalOwner;
  #waiting: Entry[];
  /** Callbacks of the packets passed on and not yet sent. */
  #underWay: Entry[] | null = null;
  #whenEmpty: (() => void) | null = null;

  /** `waiting`: the packets created before tracking began. */
  constructor(owner: JournalOwner, waiting: readonly SentPacket[]) {
    this.#owner = owner;
    this.#waiting = waiting.map((packet) => ({ packet, callback: null }));
  }

  /** Packets not yet passed on. */
  get waiting(): SentPacket[] {
    return this.#waiting.map(({ packet }) => packet);
  }

  created(packet: SentPacket, callback: SentCallback | null): void {
    this.#waiting.push({ packet, callback });
  }

  /** The transport accepts packets one by one: they are passed on unless others are being sent. */
  handOn(): void {
    if (this.#underWay !== null || this.#waiting.length === 0) return;
    const entries = this.#take();
    this.#underWay = entries;
    this.#owner.onFlush(entries.map(({ packet }) => packet));
    this.#owner.onDrained();
    this.#owner.whenSent(() => this.#landed());
  }

  /** The transport has sent all waiting packets at once. */
  taken(): void {
    if (this.#waiting.length === 0) return;
    const entries = this.#take();
    this.#owner.onFlush(entries.map(({ packet }) => packet));
    this.#report(entries);
    this.#owner.onLeft();
    this.#owner.onDrained();
    this.#settle();
  }

  /** Calls back once, as soon as no packet waits; returns `false` when none waits already. */
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
    this.#report(entries);
    this.#owner.onLeft();
    this.handOn();
    this.#settle();
  }

  #report(entries: readonly Entry[]): void {
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
