// The frames of a packet that is not complete, without what they would hold besides their bytes: an object each, and the whole
// of the network buffer that a small frame is a view of. Thousands of tiny frames would cost thirty times their bytes.

/** A view that holds at most so many times its bytes is kept as it is. */
const MOST_HELD = 4;
/** A frame of fewer bytes is copied in any case: its object is larger than it. */
const SMALL = 256;

/** Frames in their order. Adding takes time that is linear in their bytes. */
export class PackedFrames {
  #packed = new Uint8Array(SMALL);
  #size = 0;
  #prototype: object | null = null;
  /** Frames that are kept, and for copied ones where they end. */
  readonly #entries: (Uint8Array | number)[] = [];

  get length(): number {
    return this.#entries.length;
  }

  add(frame: Uint8Array): void {
    const { byteLength } = frame;
    if (byteLength >= SMALL && byteLength * MOST_HELD >= frame.buffer.byteLength) {
      this.#entries.push(frame);
      return;
    }
    this.#prototype ??= Object.getPrototypeOf(frame) as object;
    const end = this.#size + byteLength;
    if (end > this.#packed.byteLength) {
      const larger = new Uint8Array(Math.max(end, 2 * this.#packed.byteLength));
      larger.set(this.#packed.subarray(0, this.#size));
      this.#packed = larger;
    }
    this.#packed.set(frame, this.#size);
    this.#size = end;
    this.#entries.push(end);
  }

  /** The frames as views, of the class that was added: Buffers stay Buffers. */
  list(): Uint8Array[] {
    let start = 0;
    if (this.#prototype !== null) Object.setPrototypeOf(this.#packed, this.#prototype);
    return this.#entries.map((entry) => {
      if (typeof entry !== "number") return entry;
      const frame = this.#packed.subarray(start, entry);
      start = entry;
      return frame;
    });
  }
}
