// Puts a request's body together of the chunks in which it arrives. A chunk may be one byte: as an object of its own
// each takes hundreds. Beyond the first they are therefore copied into one buffer, which grows with what has come,
// whatever length was announced.

const SHORTEST_BUFFER = 512;

/** A body that is arriving. Holds at most three times the bytes that have come, and 512 bytes. */
export class RequestBody {
  readonly #limit: number;
  #bytes: Buffer | null = null;
  #filled = 0;

  /** `limit`: the most bytes that are ever taken. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Takes a chunk; returns whether the body is still within the limit. Once it is not, nothing is held any more. */
  add(chunk: Buffer): boolean {
    const needed = this.#filled + chunk.length;
    if (needed > this.#limit) {
      this.#bytes = null;
      return false;
    }
    // The first is kept as it came: most bodies are one chunk.
    if (this.#bytes === null) this.#bytes = chunk;
    else {
      const bytes = needed > this.#bytes.length ? this.#grow(this.#bytes, needed) : this.#bytes;
      chunk.copy(bytes, this.#filled);
    }
    this.#filled = needed;
    return true;
  }

  /** All that has come. */
  get bytes(): Buffer {
    return this.#bytes === null ? Buffer.alloc(0) : this.#bytes.subarray(0, this.#filled);
  }

  #grow(before: Buffer, needed: number): Buffer {
    const size = Math.min(this.#limit, Math.max(SHORTEST_BUFFER, 2 * needed));
    const bytes = Buffer.allocUnsafe(size);
    before.copy(bytes, 0, 0, this.#filled);
    this.#bytes = bytes;
    return bytes;
  }
}
