// Random choices that can be made again: the same seed gives the same choices. No cryptography.

/** A source of repeatable choices. */
export class SeededRandom {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A whole number from 0 to `bound` − 1. */
  below(bound: number): number {
    // Mulberry32: short, and good enough to stir input with.
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
  }

  /** One of the items. */
  pick<T>(items: readonly [T, ...T[]]): T {
    return items[this.below(items.length)] ?? items[0];
  }

  /** That many bytes. */
  bytes(count: number): Buffer {
    return Buffer.from(Array.from({ length: count }, () => this.below(256)));
  }

  /** A copy of the bytes in which a few have been changed, doubled, moved or dropped. */
  mutate(original: Uint8Array): Buffer {
    let bytes = [...original];
    for (let times = 1 + this.below(4); times > 0; times--) {
      const at = this.below(bytes.length + 1);
      const kind = this.below(5);
      if (kind === 0) bytes[Math.min(at, bytes.length - 1)] = this.below(256);
      else if (kind === 1) bytes.splice(at, 1 + this.below(4));
      else if (kind === 2) bytes.splice(at, 0, ...this.bytes(1 + this.below(4)));
      else if (kind === 3)
        bytes = [...bytes.slice(0, at), ...bytes.slice(this.below(bytes.length + 1))];
      else bytes = bytes.slice(0, at);
    }
    return Buffer.from(bytes);
  }
}
