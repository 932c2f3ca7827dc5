// Assembles a request body from its chunks. A chunk may be one byte, and takes hundreds as an object of its own:
// from the second on they are copied into one buffer, which grows with the bytes received, whatever length was announced.

const SHORTEST_BUFFER = 512;

/** A body being received. Holds at most three times the bytes received, plus 512. */
export class RequestBody {
  readonly #limit: number;
  #bytes: Buffer | null = null;
  #filled = 0;

  /** `limit`: the largest body accepted, in bytes. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Adds a chunk; returns whether the body is still within the limit. If not, what was held is released. */
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

  /** The bytes received. */
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
