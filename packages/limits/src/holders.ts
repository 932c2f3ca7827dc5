// What is known of addresses and users: their buckets, and how many connections they have. Bounded: holders with connections are as
// many as these, and of the others the oldest are forgotten.

import { type Rate, type Time, TokenBucket } from "./bucket.ts";

/** One address, or one user. */
export class Holder {
  readonly key: string;
  /** Open connections, or sockets. */
  count = 0;
  readonly #buckets = new Map<Rate, TokenBucket>();

  constructor(key: string) {
    this.key = key;
  }

  /** Its bucket for a rate. */
  bucket(rate: Rate, time: Time): TokenBucket {
    let bucket = this.#buckets.get(rate);
    if (bucket === undefined) {
      bucket = new TokenBucket(rate, time);
      this.#buckets.set(rate, bucket);
    }
    return bucket;
  }
}

/** Holders by key. */
export class Holders {
  readonly #max: number;
  readonly #held = new Map<string, Holder>();
  /** Without connections. When the newer half is full it becomes the older one, and the older one is forgotten. */
  #newer = new Map<string, Holder>();
  #older = new Map<string, Holder>();
  readonly #onForgotten: () => void;

  /** @param max most holders without connections that are kept */
  constructor(max: number, onForgotten: () => void) {
    this.#max = max;
    this.#onForgotten = onForgotten;
  }

  /** How many are known. */
  get size(): number {
    return this.#held.size + this.#newer.size + this.#older.size;
  }

  /** Finds or makes a holder, which is kept for as long as the limit allows. */
  get(key: string): Holder {
    const known = this.#held.get(key) ?? this.#newer.get(key);
    if (known !== undefined) return known;
    const holder = this.#older.get(key) ?? new Holder(key);
    this.#older.delete(key);
    this.#keep(holder);
    return holder;
  }

  /** A connection of the holder has opened: it is kept until that has ended. */
  acquire(holder: Holder): void {
    holder.count += 1;
    if (holder.count > 1) return;
    this.#newer.delete(holder.key);
    this.#older.delete(holder.key);
    this.#held.set(holder.key, holder);
  }

  /** A connection of the holder has ended. */
  release(holder: Holder): void {
    holder.count -= 1;
    if (holder.count > 0) return;
    this.#held.delete(holder.key);
    this.#keep(holder);
  }

  #keep(holder: Holder): void {
    if (this.#newer.size >= Math.max(1, this.#max / 2)) {
      if (this.#older.size > 0) this.#onForgotten();
      this.#older = this.#newer;
      this.#newer = new Map();
    }
    this.#newer.set(holder.key, holder);
  }
}
