// The events of one socket, in a store until the server has acknowledged them. One page of those that share the store
// sends at a time: it reads the store and sends what is there, one event in flight, in the order in which events were
// stored. Its own events that could not be stored take their place among them.
//
// An event leaves only once it has been stored, or could not be. An id that is settled is never sent again by this page,
// even if the store has failed to remove it.

import type { AckCallback } from "../ack-callback.ts";
import { after } from "../clock.ts";
import { guarded } from "../safe-emitter.ts";
import type { EventQueue, KeptEvent, OutboxEntry, QueueFlags, QueueHost } from "./event-queue.ts";
import { type Kept, KeptList } from "./kept-list.ts";
import { type Locks, oneSender, type RunAlone } from "./one-sender.ts";
import { joinPages, type PageMessage, type Say } from "./other-pages.ts";
import { clearedError, type OutboxErrorCode, outboxError } from "./outbox-errors.ts";
import type { ResolvedOutboxOptions } from "./outbox-options.ts";
import type { OutboxStore, StoredEvent } from "./outbox-store.ts";
import { storable } from "./storable.ts";

/** A store that has not answered for so long counts as failed. */
const STORE_MS = 5000;
/** How long the answer to an event that another page has sent may be on its way here. */
const ANSWER_MS = 1000;
const ID_LENGTH = 16;

/** What a stored queue is made of. */
export interface StoredQueueParts {
  /** Names the store; the same in all pages that share it. */
  readonly key: string;
  readonly store: OutboxStore;
  readonly locks: Locks | undefined;
  readonly options: ResolvedOutboxOptions;
}

/** What has become of one try to send. */
type Outcome =
  | { readonly kind: "answered"; readonly answer: readonly unknown[] }
  | { readonly kind: "unanswered"; readonly error: Error; readonly isLost: boolean }
  | { readonly kind: "refused"; readonly error: Error }
  | { readonly kind: "forgotten" };

/** The queue of one socket. */
export class StoredQueue implements EventQueue {
  readonly #host: QueueHost;
  readonly #store: OutboxStore;
  readonly #options: ResolvedOutboxOptions;
  readonly #runAlone: RunAlone;
  readonly #say: Say;
  readonly #kept = new KeptList();
  /** Writes that have not ended. */
  readonly #writes: Set<Promise<unknown>> = new Set();
  /** Ids that are settled, while the store has not removed them. */
  readonly #settled: Set<string> = new Set();
  readonly #page: string = pageId();
  #count = 0;
  #isSending = false;
  /** Asked to send, while it was sending: another page may have stored something. */
  #isAsked = false;
  #isFailing = false;

  constructor(host: QueueHost, { key, store, locks, options }: StoredQueueParts) {
    this.#host = host;
    this.#store = store;
    this.#options = options;
    const lease = (ms: number): Promise<boolean> =>
      inTime(store.lease?.(this.#page, ms) ?? Promise.resolve(true));
    this.#runAlone = oneSender({ key, locks, lease: store.lease && lease });
    this.#say = joinPages(key, (message) => this.#onMessage(message));
    void this.#begin();
  }

  get size(): number {
    return this.#kept.size;
  }

  add(data: readonly unknown[], flags: QueueFlags, onAnswer: AckCallback | undefined): boolean {
    const id = `${this.#page}.${this.#count + 1}`;
    const frames = this.#host.encode(this.#withId(data, id));
    const event: StoredEvent = {
      id,
      data: data.map(storable),
      keptAt: Date.now(),
      bytes: frames.reduce<number>((sum, frame) => sum + lengthOf(frame), 0),
      compress: flags.compress !== false,
    };
    if (!this.#makeWay(event.bytes)) return false;
    this.#count++;
    const kept: Kept = { event, own: { flags, onAnswer }, isStored: undefined };
    this.#kept.add(kept);
    void this.#write(
      () => this.#store.put(event),
      (isStored) => {
        kept.isStored = isStored;
        if (isStored) this.#say({ kind: "stored" });
        this.#send();
      },
    );
    return true;
  }

  resume(): void {
    this.#send();
  }

  list(): KeptEvent[] {
    return [...this.#kept.values()].map(({ event, isStored = false }) => ({ ...event, isStored }));
  }

  clear(error: Error): void {
    const cleared = [...this.#kept.values()];
    for (const { event } of cleared) this.#forget(event.id);
    for (const { own } of cleared) if (own) answer(own.onAnswer, error);
    void this.#clearStore(cleared.map(({ event }) => event.id));
  }

  /** Other pages may have stored events that this one does not know of. */
  async #clearStore(known: readonly string[]): Promise<void> {
    await Promise.all(this.#writes);
    const events = await this.#attempt(() => this.#store.load());
    const others = (events ?? []).map(({ id }) => id).filter((id) => !this.#kept.get(id)?.own);
    const ids = [...new Set([...known, ...others])];
    for (const id of ids) this.#forget(id);
    await this.#remove(ids);
    this.#say({ kind: "cleared" });
  }

  async #begin(): Promise<void> {
    await this.#read();
    const { onLoaded } = this.#options;
    const earlier = [...this.#kept.values()].filter(({ own }) => !own);
    if (onLoaded) guarded(() => onLoaded(earlier.map(entryOf)));
    this.#send();
  }

  /** Sends what is kept, unless that is under way or cannot be. */
  #send(): void {
    if (this.#isSending) this.#isAsked = true;
    else if (this.#host.canSend()) void this.#sendAlone();
  }

  async #sendAlone(): Promise<void> {
    this.#isSending = true;
    this.#isAsked = false;
    const work = (isMine: () => Promise<boolean>): Promise<void> => this.#sendAll(isMine);
    try {
      await this.#runAlone(work);
    } catch (error) {
      // No right to send can be had; at least nothing is lost.
      this.#report(error);
      await this.#sendAll(async () => true).catch((thrown: unknown) => this.#report(thrown));
    }
    this.#isSending = false;
    // What was emitted meanwhile comes behind what other pages have stored.
    if (this.#isAsked || this.#kept.size > 0) this.#send();
  }

  async #sendAll(isMine: () => Promise<boolean>): Promise<void> {
    await Promise.all(this.#writes);
    await this.#read();
    for (const kept of [...this.#kept.values()]) {
      // Emitted just now.
      if (kept.isStored === undefined) return;
      if (!(await this.#deliver(kept, isMine))) return;
    }
  }

  /** Sends one event until it is settled. Resolves with whether the next one can be sent. */
  async #deliver(kept: Kept, isMine: () => Promise<boolean>): Promise<boolean> {
    const { event, own } = kept;
    const { retries = Number.POSITIVE_INFINITY } = this.#host;
    for (let tries = 1; ; tries++) {
      if (!this.#kept.get(event.id)) return true;
      if (Date.now() - event.keptAt >= this.#options.maxAge) {
        await this.#drop(kept, outboxError("ERR_OUTBOX_EXPIRED", "the event is older than maxAge"));
        return true;
      }
      if (!this.#host.canSend() || !(await isMine())) return false;
      const outcome = await this.#try(kept);
      switch (outcome.kind) {
        case "answered": {
          this.#forget(event.id);
          this.#say({ kind: "answered", id: event.id, answer: outcome.answer });
          answer(own?.onAnswer, null, ...outcome.answer);
          const { onAcknowledged } = this.#options;
          if (onAcknowledged) {
            guarded(() => onAcknowledged(entryOf(kept), ...outcome.answer));
          }
          await this.#remove([event.id]);
          return true;
        }
        case "refused":
          await this.#drop(kept, outcome.error);
          return true;
        case "unanswered":
          if (outcome.isLost) return false;
          if (tries > retries) {
            await this.#drop(kept, outcome.error);
            return true;
          }
          break;
        case "forgotten":
          return true;
      }
    }
  }

  #try(kept: Kept): Promise<Outcome> {
    const { event, own } = kept;
    const { ackTimeout = this.#options.ackTimeout } = this.#host;
    return new Promise((resolve) => {
      kept.stop = () => resolve({ kind: "forgotten" });
      const onAnswer: AckCallback = (error, ...given) => {
        kept.stop = undefined;
        if (!error) resolve({ kind: "answered", answer: given });
        else resolve({ kind: "unanswered", error, isLost: !this.#host.canSend() });
      };
      try {
        const data = this.#withId(event.data, event.id);
        const flags = { compress: event.compress, timeout: own?.flags.timeout ?? ackTimeout };
        this.#host.send([...data, onAnswer], flags);
      } catch (error) {
        kept.stop = undefined;
        // Another wire form than that of the page that has stored it, for example.
        resolve({ kind: "refused", error: error as Error });
      }
    });
  }

  /** Gives an event up. */
  async #drop(kept: Kept, error: Error): Promise<void> {
    const { event, own } = kept;
    this.#forget(event.id);
    const { code } = error as { code?: unknown };
    this.#say({ kind: "failed", id: event.id, code, text: error.message });
    answer(own?.onAnswer, error);
    const { onDropped } = this.#options;
    if (onDropped) guarded(() => onDropped(entryOf(kept), error));
    await this.#remove([event.id]);
  }

  /** Whether so many bytes more can be kept, if need be after older events were dropped. */
  #makeWay(bytes: number): boolean {
    const { maxBytes, whenFull } = this.#options;
    const isFull = (): boolean =>
      this.#kept.size >= this.#host.maxEvents() || this.#kept.bytes + bytes > maxBytes;
    if (whenFull === "drop-oldest" && bytes <= maxBytes) {
      for (const kept of [...this.#kept.values()]) {
        if (!isFull()) break;
        // One that is in flight has been sent already.
        if (kept.stop) continue;
        void this.#drop(kept, outboxError("ERR_OUTBOX_FULL", "the outbox is full"));
      }
    }
    return !isFull();
  }

  /** Takes up what is in the store. */
  async #read(): Promise<void> {
    const before = this.#kept.storedIds();
    const isQuiet = this.#writes.size === 0;
    const events = await this.#attempt(() => this.#store.load());
    if (!events) return;
    if (isQuiet && this.#writes.size === 0) {
      const read = new Set(events.map(({ id }) => id));
      for (const id of this.#settled) if (!read.has(id)) this.#settled.delete(id);
    }
    const { missing } = this.#kept.merge(
      events.filter(({ id }) => !this.#settled.has(id)),
      before,
    );
    for (const { event, own } of missing) {
      // Another page has sent it; its answer may be on its way here.
      this.#kept.wait(event.id, own?.onAnswer);
      const give = (): void => {
        const text = "another page has sent the event";
        answer(this.#kept.callbackOf(event.id), outboxError("ERR_OUTBOX_ANSWER_LOST", text));
      };
      after(ANSWER_MS, give, { autoUnref: true });
    }
  }

  #onMessage(message: PageMessage): void {
    if (message.kind === "stored") this.#send();
    else if (message.kind === "cleared") {
      const error = clearedError();
      for (const { event, own, isStored } of [...this.#kept.values()]) {
        if (!isStored) continue;
        this.#forget(event.id);
        answer(own?.onAnswer, error);
      }
    } else {
      const onAnswer = this.#kept.callbackOf(message.id);
      this.#forget(message.id);
      if (message.kind === "answered") answer(onAnswer, null, ...message.answer);
      else answer(onAnswer, outboxError(message.code as OutboxErrorCode, message.text));
    }
  }

  /** An event is settled: it is not sent again, even if the store should still have it. */
  #forget(id: string): void {
    this.#kept.delete(id);
    this.#settled.add(id);
  }

  async #remove(ids: readonly string[]): Promise<void> {
    // Also those that could not be stored: perhaps they were, too late.
    await this.#write(
      () => this.#store.remove(ids),
      (isDone) => {
        if (isDone) for (const id of ids) this.#settled.delete(id);
      },
    );
  }

  /** Waits for a write, and for what follows from it. */
  async #write(call: () => Promise<void>, then: (isDone: boolean) => void): Promise<void> {
    const write = this.#attempt(() => call().then(() => true)).then((isDone) => {
      this.#writes.delete(write);
      then(isDone === true);
    });
    this.#writes.add(write);
    await write;
  }

  /** The result of a call of the store; `undefined` when it has failed, or takes too long. */
  async #attempt<Result>(call: () => Promise<Result>): Promise<Result | undefined> {
    try {
      const result = await inTime(call());
      this.#isFailing = false;
      return result;
    } catch (error) {
      if (!this.#isFailing) this.#report(error);
      this.#isFailing = true;
      return undefined;
    }
  }

  #report(error: unknown): void {
    guarded(() => this.#options.onProblem(error as Error));
  }

  #withId([event, ...args]: readonly unknown[], id: string): unknown[] {
    return [event, ...this.#options.withId(args, id)];
  }
}

function answer(callback: AckCallback | undefined, ...given: Parameters<AckCallback>): void {
  if (callback) guarded(() => callback(...given));
}

function inTime<Result>(call: Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    const late = (): void => reject(outboxError("ERR_OUTBOX_STORE", "the store does not answer"));
    const stop = after(STORE_MS, late, { autoUnref: true });
    call.then(resolve, reject).finally(stop);
  });
}

function entryOf({ event: { id, data, keptAt }, isStored = false }: Kept): OutboxEntry {
  const [event, ...args] = data as [string, ...unknown[]];
  return { id, event, args, keptAt, isStored };
}

function lengthOf(frame: unknown): number {
  if (typeof frame === "string") return frame.length;
  const { byteLength, size } = frame as { byteLength?: number; size?: number };
  return byteLength ?? size ?? 0;
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** Unique, and no secret. */
function pageId(): string {
  const bytes = new Uint8Array(ID_LENGTH);
  // React Native has none.
  if (globalThis.crypto) crypto.getRandomValues(bytes);
  else for (const at of bytes.keys()) bytes[at] = Math.random() * 256;
  return Array.from(bytes, (byte) => LETTERS[byte & 63]).join("");
}
