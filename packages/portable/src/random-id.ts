// Ids that cannot be guessed: 96 random bits and a per-generator counter against repeats.

import { base64UrlFromBytes } from "./base64-url.ts";

const BYTES = 15;
const RANDOM_BYTES = 12;
// One call of the system's generator serves this many ids.
const POOL_IDS = 256;

/** Fills an array with random bytes. */
export type FillRandom = (bytes: Uint8Array) => void;

const fillFromPlatform: FillRandom = (bytes) =>
  void crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>);

/** Makes 20-character ids of `[A-Za-z0-9_-]` from a cryptographic source. */
export class IdGenerator {
  readonly #pool = new Uint8Array(POOL_IDS * RANDOM_BYTES);
  readonly #bytes = new Uint8Array(BYTES);
  readonly #fill: FillRandom;
  #at: number = this.#pool.length;
  #counter = 0;

  /** `fill`: the source of random bytes. Default: that of the platform, which is cryptographic. */
  constructor(fill: FillRandom = fillFromPlatform) {
    this.#fill = fill;
  }

  next(): string {
    if (this.#at >= this.#pool.length) {
      this.#fill(this.#pool);
      this.#at = 0;
    }
    const bytes = this.#bytes;
    for (let i = 0; i < RANDOM_BYTES; i++) bytes[i] = this.#pool[this.#at + i] as number;
    this.#pool.fill(0, this.#at, this.#at + RANDOM_BYTES);
    this.#at += RANDOM_BYTES;
    const counter = this.#counter;
    this.#counter = (counter + 1) & 0xffffff;
    bytes[12] = counter >>> 16;
    bytes[13] = (counter >>> 8) & 0xff;
    bytes[14] = counter & 0xff;
    return base64UrlFromBytes(bytes);
  }
}
