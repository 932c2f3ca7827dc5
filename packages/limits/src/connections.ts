// The open connections: what is known of each, and whether it may be there. Knows neither engines nor namespaces.

import type { RequestView } from "./address.ts";
import { type Time, TokenBucket } from "./bucket.ts";
import { type Holder, Holders } from "./holders.ts";
import type { Reporter, Verdict } from "./report.ts";
import type { CountRule, LimitRules, RateRule } from "./rules.ts";
import type { LimitedSocket } from "./sockets.ts";

/** One connection. */
export class ConnectionRecord {
  readonly id: string;
  readonly address: Holder;
  readonly sockets: Set<LimitedSocket> = new Set();
  /** The namespaces that it is in, or was let into. */
  readonly namespaces: Set<string> = new Set();
  /** Bytes that have arrived. */
  bytes = 0;
  /** Counts them instead, where the connection does. */
  counter: { readonly receivedBytes?: number } | null = null;
  #charged = 0;
  /** Why it may not be there; a promise while a limiter of the cluster is asked. */
  refusal: Verdict | null | Promise<Verdict | null> = null;
  /** Ends what waits for it. */
  cancel: (() => void) | null = null;
  #refusals: TokenBucket | null = null;

  constructor(id: string, address: Holder) {
    this.id = id;
    this.address = address;
  }

  /** Bytes that have arrived since the last call. */
  takeBytes(): number {
    const all = this.counter?.receivedBytes ?? this.bytes;
    const bytes = all - this.#charged;
    this.#charged = all;
    return bytes;
  }

  /** Something of it was refused. Returns whether that was too much within a minute. */
  refused({ local }: LimitRules["closeAfter"], time: Time): boolean {
    this.#refusals ??= new TokenBucket(local, time);
    return !this.#refusals.takeOne();
  }
}

/** Most connections that are open only to be told why they cannot stay; further ones are refused at the door. */
const MAX_TOLD = 100;
/** How long these have, in milliseconds. */
const TOLD_WITHIN = 2000;

/** What the connections of a server need. */
export interface ConnectionsOwner {
  readonly rules: LimitRules;
  readonly reporter: Reporter;
  /** Closes a connection. */
  close(record: ConnectionRecord): void;
  onForgotten(): void;
}

/** The connections of a server. */
export class Connections {
  readonly addresses: Holders;
  readonly #byId = new Map<string, ConnectionRecord>();
  readonly #owner: ConnectionsOwner;
  readonly #rules: LimitRules;
  /** Requests whose handshake may go on so that their client can be told. */
  readonly #noted = new WeakMap<object, Verdict>();
  #told = 0;

  constructor(owner: ConnectionsOwner) {
    this.#owner = owner;
    this.#rules = owner.rules;
    this.addresses = new Holders(owner.rules.maxTracked, () => owner.onForgotten());
  }

  /** How many are open. */
  get size(): number {
    return this.#byId.size;
  }

  get(id: string): ConnectionRecord | undefined {
    return this.#byId.get(id);
  }

  /** Looks at a handshake. Returns the text with which it is refused, or `null`. */
  screen(key: object, request: RequestView): string | null {
    const { handshakes } = this.#rules;
    const holder = this.addresses.get(this.#rules.addressOf(request));
    const verdict =
      this.#overRate(holder, handshakes) ??
      this.#overCount(this.#rules.byAddress, holder.count, holder) ??
      this.#overCount(this.#rules.total, this.size, holder);
    if (verdict === null) return null;
    if (verdict.policy === "close" || this.#told >= MAX_TOLD) return verdict.error.message;
    this.#noted.set(key, verdict);
    return null;
  }

  /** A connection has opened. `key`: what `screen` was called with. */
  open(id: string, key: object, request: RequestView): ConnectionRecord {
    const { handshakes, unauthenticated } = this.#rules;
    const holder = this.addresses.get(this.#rules.addressOf(request));
    const record = new ConnectionRecord(id, holder);
    this.#byId.set(id, record);
    this.addresses.acquire(holder);
    const noted = this.#noted.get(key);
    if (noted !== undefined) this.#tell(record, noted);
    else if (handshakes?.limiter) record.refusal = this.#ask(handshakes, record);
    if (unauthenticated !== null && record.cancel === null) this.#awaitUser(record);
    return record;
  }

  /** A connection has ended. */
  end(id: string): void {
    const record = this.#byId.get(id);
    if (record === undefined) return;
    this.#byId.delete(id);
    this.addresses.release(record.address);
    record.cancel?.();
  }

  #overRate(holder: Holder, rule: RateRule | null): Verdict | null {
    if (rule?.local == null) return null;
    const bucket = holder.bucket(rule.local, this.#rules.clock);
    return bucket.takeOne() ? null : this.#reached(rule, holder, bucket.waitFor(1));
  }

  #overCount(rule: CountRule | null, count: number, holder: Holder): Verdict | null {
    return rule !== null && count >= rule.value ? this.#reached(rule, holder) : null;
  }

  #reached(rule: CountRule, { key: address }: Holder, retryAfter?: number): Verdict | null {
    return this.#owner.reporter.reached(rule, { address, socket: null, retryAfter });
  }

  /** Asks a limiter of the cluster about a handshake. */
  async #ask(rule: RateRule, record: ConnectionRecord): Promise<Verdict | null> {
    const { address } = record;
    const excess = await exceeds(rule, address.key, { points: 1, reporter: this.#owner.reporter });
    if (excess === null) return null;
    const verdict = this.#reached(rule, address, excess.retryAfter);
    if (verdict !== null && this.#byId.has(record.id)) this.#tell(record, verdict);
    return verdict;
  }

  /** Leaves a connection open for a moment, in which its client learns why. */
  #tell(record: ConnectionRecord, verdict: Verdict): void {
    record.refusal = verdict;
    record.cancel?.();
    this.#told += 1;
    const cancel = this.#rules.clock.after(TOLD_WITHIN, () => this.#owner.close(record));
    record.cancel = () => {
      record.cancel = null;
      this.#told -= 1;
      cancel();
    };
  }

  #awaitUser(record: ConnectionRecord): void {
    const { clock, unauthenticated } = this.#rules;
    if (unauthenticated === null) return;
    record.cancel = clock.after(unauthenticated.rule.value, () => {
      record.cancel = null;
      for (const socket of record.sockets) {
        if (isTrue(() => unauthenticated.isAuthenticated(socket))) return;
      }
      const verdict = this.#reached(unauthenticated.rule, record.address);
      for (const socket of record.sockets) socket.emit("limits:closed", verdict?.error.data);
      this.#owner.close(record);
    });
  }
}

function isTrue(predicate: () => boolean): boolean {
  try {
    return predicate() === true;
  } catch {
    return false;
  }
}

/** Asks a limiter of the cluster. Returns `null` within its limit, and when it fails. */
export async function exceeds(
  rule: RateRule,
  key: string,
  { points, reporter }: { readonly points: number; readonly reporter: Reporter },
): Promise<{ readonly retryAfter: number | undefined } | null> {
  try {
    await rule.limiter?.consume(`${rule.limit}:${key}`, points);
    return null;
  } catch (error) {
    if (error instanceof Error) {
      reporter.failed(rule, error);
      return null;
    }
    const wait = (error as { readonly msBeforeNext?: unknown } | null)?.msBeforeNext;
    return { retryAfter: typeof wait === "number" ? wait : undefined };
  }
}
