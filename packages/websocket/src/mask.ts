// Unmasks the payloads of WebSocket clients (RFC 6455, 5.3), in place.
// Hot path: byte by byte for short payloads, otherwise four at a time.

// From this length on a view of words is faster.
const SHORTEST_IN_WORDS = 48;

/** Unmasks words; returns all of them joined by "or". */
function unmaskWords(words: Int32Array, mask: number): number {
  const { length } = words;
  let joined = 0;
  let at = 0;
  for (; at + 3 < length; at += 4) {
    const a = (words[at] as number) ^ mask;
    const b = (words[at + 1] as number) ^ mask;
    const c = (words[at + 2] as number) ^ mask;
    const d = (words[at + 3] as number) ^ mask;
    words[at] = a;
    words[at + 1] = b;
    words[at + 2] = c;
    words[at + 3] = d;
    joined |= a | b | c | d;
  }
  for (; at < length; at++) {
    const word = (words[at] as number) ^ mask;
    words[at] = word;
    joined |= word;
  }
  return joined;
}

/** A client's mask. */
export class Mask {
  /** The four bytes, the first of them lowest. */
  value = 0;

  /** Reads the mask at `at`. */
  readFrom(bytes: Uint8Array, at: number): void {
    this.value =
      (bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24);
  }

  /** Unmasks a payload; returns all its bytes joined by "or", below 0x80 when they are ASCII. */
  remove(bytes: Uint8Array, from: number, to: number): number {
    let mask = this.value;
    let joined = 0;
    let at = from;
    if (to - from >= SHORTEST_IN_WORDS) {
      for (; ((bytes.byteOffset + at) & 3) !== 0; at++) {
        const byte = (bytes[at] as number) ^ (mask & 0xff);
        bytes[at] = byte;
        joined |= byte;
        mask = (mask >>> 8) | (mask << 24);
      }
      const count = (to - at) >>> 2;
      const all = unmaskWords(new Int32Array(bytes.buffer, bytes.byteOffset + at, count), mask);
      joined |= (all | (all >>> 8) | (all >>> 16) | (all >>> 24)) & 0xff;
      at += count << 2;
    }
    for (; at < to; at++) {
      const byte = (bytes[at] as number) ^ (mask & 0xff);
      bytes[at] = byte;
      joined |= byte;
      mask = (mask >>> 8) | (mask << 24);
    }
    return joined;
  }
}
