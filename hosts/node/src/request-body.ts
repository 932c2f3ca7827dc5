// Collects the body of a request from its chunks. A chunk may be one byte, and an object per chunk takes hundreds. All
// chunks after the first are therefore copied into one buffer, which grows with the received bytes, not with the
// announced length.

const SHORTEST_BUFFER = 512;

/** A body in transit. Holds at most three times the received bytes, and 512 bytes. */
export class RequestBody {
  readonly #limit: number;
  #bytes: Buffer | null = null;
  #filled = 0;

  /** `limit`: the largest body in bytes. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Adds a chunk; returns whether the body is within the limit. Beyond it, the memory is released. */
  add(chunk: Buffer): boolean {
    const needed = this.#filled + chunk.length;
    if (needed > this.#limit) {
      this.#bytes = null;
      return false;
    }
    // The first is kept without a copy: most bodies are one chunk.
    if (this.#bytes === null) this.#bytes = chunk;
    else {
      const bytes = needed > this.#bytes.length ? this.#grow(this.#bytes, needed) : this.#bytes;
      chunk.copy(bytes, this.#filled);
    }
    this.#filled = needed;
    return true;
  }

  /** The received bytes. */
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
