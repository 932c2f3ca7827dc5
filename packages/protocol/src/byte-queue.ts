// A queue of bytes, written in chunks of one size and read in chunks of another. However small the chunks are, each
// byte is copied a few times at most and takes a few bytes of memory.

const FIRST_SIZE = 256;
// A larger buffer is released when it is empty.
const KEPT_SIZE = 65_536;

/** A queue of bytes. */
export class ByteQueue {
  #bytes: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  #start = 0;
  #end = 0;

  /** Number of bytes that can be taken. */
  get length(): number {
    return this.#end - this.#start;
  }

  /** Adds a copy of `chunk`. */
  put(chunk: Uint8Array): void {
    if (this.#end + chunk.length > this.#bytes.length) this.#makeSpace(this.length + chunk.length);
    this.#bytes.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  /** Removes the first `count` bytes and returns a copy. They must have arrived. */
  take(count: number): Uint8Array<ArrayBuffer> {
    const taken = this.#bytes.slice(this.#start, this.#start + count);
    this.#start += count;
    if (this.#start === this.#end) {
      this.#start = 0;
      this.#end = 0;
      if (this.#bytes.length > KEPT_SIZE) this.#bytes = new Uint8Array(0);
    }
    return taken;
  }

  #makeSpace(needed: number): void {
    const { length } = this;
    const old = this.#bytes;
    // Moving is cheap while at most half is in use; otherwise the size doubles, which is as cheap per byte.
    if (needed > old.length / 2) {
      this.#bytes = new Uint8Array(Math.max(FIRST_SIZE, 2 * needed));
      this.#bytes.set(old.subarray(this.#start, this.#end));
    } else old.copyWithin(0, this.#start, this.#end);
    this.#start = 0;
    this.#end = length;
  }
}
