// The events that a stored queue knows of, in the order in which they are sent: those of this page, and those that were
// read from the store. Knows nothing of sending.

import type { AckCallback } from "../ack-callback.ts";
import type { QueueFlags } from "./event-queue.ts";
import type { StoredEvent } from "./outbox-store.ts";

/** One event. */
export interface Kept {
  readonly event: StoredEvent;
  /** Of an event of this page. */
  readonly own:
    | { readonly flags: QueueFlags; readonly onAnswer: AckCallback | undefined }
    | undefined;
  /** Whether it is in the store; `undefined` while it is being stored. */
  isStored: boolean | undefined;
  /** While it is in flight: ends the wait for its answer. */
  stop?: (() => void) | undefined;
}

/** An ordered list that knows its bytes. */
export class KeptList {
  #byId: Map<string, Kept> = new Map();
  #bytes = 0;
  /** Of events that other pages have sent: who waits for the answer. */
  readonly #waiting: Map<string, AckCallback> = new Map();

  get size(): number {
    return this.#byId.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(id: string): Kept | undefined {
    return this.#byId.get(id);
  }

  values(): Iterable<Kept> {
    return this.#byId.values();
  }

  add(kept: Kept): void {
    this.#byId.set(kept.event.id, kept);
    this.#bytes += kept.event.bytes;
  }

  delete(id: string): void {
    const kept = this.#byId.get(id);
    if (!kept) return;
    this.#byId.delete(id);
    this.#bytes -= kept.event.bytes;
    kept.stop?.();
  }

  /** The ids of the events of this page that are in the store. */
  storedIds(): ReadonlySet<string> {
    const stored = [...this.#byId.values()].filter(({ own, isStored }) => own && isStored);
    return new Set(stored.map(({ event }) => event.id));
  }

  /**
   * Takes up what was read from the store. The events that are not in it keep their place behind the one of this page
   * that was emitted before them.
   * @param before the events of this page that were stored when reading began
   * @returns those of them that are gone
   */
  merge(events: readonly StoredEvent[], before: ReadonlySet<string>): { missing: Kept[] } {
    const old = this.#byId;
    const own = [...old.values()].filter((kept) => kept.own);
    const read = new Set(events.map(({ id }) => id));
    const missing: Kept[] = [];
    this.#byId = new Map();
    this.#bytes = 0;
    let at = 0;
    const takeUntil = (end: number): void => {
      for (; at < end; at++) {
        const kept = own[at] as Kept;
        const { id } = kept.event;
        if (read.has(id)) continue;
        if (before.has(id)) missing.push(kept);
        else this.add(kept);
      }
    };
    const placeOf = new Map(own.map((kept, place) => [kept.event.id, place]));
    for (const event of events) {
      const place = placeOf.get(event.id);
      if (place !== undefined) takeUntil(place);
      const known = old.get(event.id);
      // It may have been stored after all, when that had been given up.
      if (known?.isStored === false) known.isStored = true;
      this.add(known ?? { event, own: undefined, isStored: true });
    }
    takeUntil(own.length);
    return { missing };
  }

  /** The answer to an event that is gone from the list is expected from another page. */
  wait(id: string, onAnswer: AckCallback | undefined): void {
    if (onAnswer) this.#waiting.set(id, onAnswer);
  }

  /** Who waits for the answer to an event; asked once. */
  callbackOf(id: string): AckCallback | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting ?? this.#byId.get(id)?.own?.onAnswer;
  }
}
