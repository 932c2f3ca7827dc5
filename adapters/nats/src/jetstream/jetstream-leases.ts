// Leases in a stream of JetStream: the last message of a subject for each session, with its holder, its time and its record.
// What is written names the message that it replaces, so that of two nodes one is refused. JetStream of that age has no time to
// live for single messages: each message says how long it lasts, and the stream forgets what is older than any.

import type { Lease, Leases, LeaseWrite, NodeId } from "@sockeye/adapter/cluster";
import type { JetStreamOptions } from "../options.ts";
import { WRONG_LAST_SEQUENCE } from "./history.ts";
import { isRefusal, type JetStreamLink } from "./link.ts";
import type { Names } from "./names.ts";
import { ensureStream, extendAge, messageOf, STREAM_NOT_FOUND } from "./streams.ts";

/** A lease as it stands in the stream. */
interface Stored {
  readonly seq: number;
  readonly holder: NodeId;
  readonly lasts: number;
  readonly record: Uint8Array;
  /** When it was written, by JetStream's clock; unknown for what this node has written. */
  readonly time?: number;
}

const AT_ONCE = 500;
/** Stored leases outlive themselves by so long: whether one has ended is decided when it is claimed. */
const EXTRA_MS = 60_000;
const NEWLINE = 10;

/** Leases over a connection of the application. */
export class JetStreamLeases implements Leases {
  readonly #link: JetStreamLink;
  readonly #names: Names;
  readonly #options: JetStreamOptions;
  /** What this node has written last, of the leases that it holds. */
  readonly #held = new Map<string, Stored>();
  /** What was asked for last, by session: the next waits for it. */
  readonly #queues = new Map<string, Promise<unknown>>();
  /** So long the stream keeps leases, as far as is known. */
  #age = 0;

  constructor(link: JetStreamLink, names: Names, options: JetStreamOptions) {
    this.#link = link;
    this.#names = names;
    this.#options = options;
  }

  write(lease: Lease, how: LeaseWrite): Promise<boolean> {
    return this.#inOrder(lease.id, () => this.#replace(lease.id, how, () => lease));
  }

  claim(id: string, by: NodeId, lasts: number): Promise<Lease | null> {
    return this.#inOrder(id, async () => {
      for (;;) {
        const found = await this.#find(id);
        if (found === null) return null;
        const { holder, record } = found;
        const seq = await this.#put({ id, holder: by, record }, lasts, found.seq);
        if (seq === null) continue;
        const written = await messageOf(this.#link, this.#names.sessions, { seq });
        if (written !== null && written.time - (found.time ?? 0) > found.lasts) {
          await this.#drop(seq);
          this.#held.delete(id);
          return null;
        }
        return { id, holder, record };
      }
    });
  }

  async renew(ids: readonly string[], by: NodeId, lasts: number): Promise<readonly string[]> {
    const lost: string[] = [];
    const how = { by, isNew: false, lasts };
    for (let at = 0; at < ids.length; at += AT_ONCE) {
      const renewals = ids.slice(at, at + AT_ONCE).map(async (id) => {
        const isHeld = await this.#inOrder(id, () => this.#replace(id, how, (found) => found));
        if (!isHeld) lost.push(id);
      });
      await Promise.all(renewals);
    }
    return lost;
  }

  remove(id: string, by: NodeId): Promise<void> {
    return this.#inOrder(id, async () => {
      for (;;) {
        // Read first, because it is removed by its number alone: in a stream that was made anew, that is another lease.
        const found = await this.#find(id);
        this.#held.delete(id);
        if (found?.holder !== by) return;
        if (await this.#drop(found.seq)) return;
      }
    });
  }

  /** Writes a lease in place of the one that is there, if `by` holds it, or if there is none and it is new. */
  async #replace(
    id: string,
    { by, isNew, lasts }: LeaseWrite,
    next: (found: Stored) => Omit<Lease, "id">,
  ): Promise<boolean> {
    for (;;) {
      const found = await this.#current(id, by);
      if (found === null ? !isNew : found.holder !== by) return false;
      const lease = next(found ?? NOTHING);
      const seq = await this.#put({ ...lease, id }, lasts, found?.seq ?? 0);
      if (seq === null) continue;
      if (lease.holder !== by) this.#held.delete(id);
      return true;
    }
  }

  /** The lease, as this node has written it last, or as it is found. */
  #current(id: string, by: NodeId): Promise<Stored | null> | Stored {
    const held = this.#held.get(id);
    return held?.holder === by ? held : this.#find(id);
  }

  async #find(id: string): Promise<Stored | null> {
    const subject = this.#names.sessionOf(id);
    try {
      const found = await messageOf(this.#link, this.#names.sessions, { last_by_subj: subject });
      return found === null ? null : { ...decode(found.data), seq: found.seq, time: found.time };
    } catch (error) {
      if (isRefusal(error, STREAM_NOT_FOUND)) return null;
      throw error;
    }
  }

  /** Writes a lease after another one; `null` when that is not the last one any more. */
  async #put(lease: Lease, lasts: number, after: number): Promise<number | null> {
    const { holder, id, record } = lease;
    await this.#makeRoom(lasts);
    // Until the answer is there, what is held is not known.
    this.#held.delete(id);
    const headers = { "Nats-Expected-Last-Subject-Sequence": String(after) };
    try {
      const payload = encode({ holder, lasts, record });
      const seq = await this.#link.publish(this.#names.sessionOf(id), payload, headers);
      this.#held.set(id, { seq, holder, lasts, record });
      return seq;
    } catch (error) {
      if (isRefusal(error, WRONG_LAST_SEQUENCE)) return null;
      // The stream may be gone.
      this.#age = 0;
      throw error;
    }
  }

  /** Removes a message; returns whether it was still there. */
  async #drop(seq: number): Promise<boolean> {
    const { name } = this.#names.sessions;
    try {
      await this.#link.ask(`STREAM.MSG.DELETE.${name}`, { seq, no_erase: true });
      return true;
    } catch (error) {
      if (isRefusal(error)) return false;
      throw error;
    }
  }

  /** Makes the stream, or lets it keep leases for longer. */
  async #makeRoom(lasts: number): Promise<void> {
    const age = Math.ceil(lasts) + EXTRA_MS;
    if (age <= this.#age) return;
    const { sessions } = this.#names;
    const { replicas, storage } = this.#options;
    const settings = { maxPerSubject: 1, maxAge: age, replicas, storage };
    const info = await ensureStream(this.#link, sessions, settings);
    await extendAge(this.#link, info, age);
    this.#age = Math.max(age, this.#age);
  }

  /** What is asked for about one session happens in its order. */
  #inOrder<T>(id: string, act: () => Promise<T>): Promise<T> {
    const before = this.#queues.get(id) ?? Promise.resolve();
    const acted = before.then(act, act);
    this.#queues.set(id, acted);
    const end = (): void => {
      if (this.#queues.get(id) === acted) this.#queues.delete(id);
    };
    acted.then(end, end);
    return acted;
  }
}

/** What is written in place of nothing does not ask for it. */
const NOTHING: Stored = { seq: 0, holder: "", lasts: 0, record: new Uint8Array() };

function encode({ holder, lasts, record }: Omit<Stored, "seq">): Uint8Array {
  return Buffer.concat([Buffer.from(`${JSON.stringify([holder, lasts])}\n`), record]);
}

function decode(bytes: Uint8Array): Omit<Stored, "seq"> {
  const end = bytes.indexOf(NEWLINE);
  const head = JSON.parse(Buffer.from(bytes.subarray(0, end)).toString()) as [NodeId, number];
  return { holder: head[0], lasts: head[1], record: bytes.slice(end + 1) };
}
