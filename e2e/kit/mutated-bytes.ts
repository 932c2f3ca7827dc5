// Bytes that were right once, and bytes that never were. Knows nothing of what they mean.

import type { SeededRandom } from "@sockeye/testkit";

/** That many bytes. */
export function randomBytes(random: SeededRandom, count: number): Buffer {
  return Buffer.from(Array.from({ length: count }, () => random.below(256)));
}

/** A copy of the bytes in which a few have been changed, doubled, moved or dropped. */
export function mutated(random: SeededRandom, original: Uint8Array): Buffer {
  let bytes = [...original];
  for (let times = 1 + random.below(4); times > 0; times--) {
    const at = random.below(bytes.length + 1);
    const kind = random.below(5);
    if (kind === 0) bytes[Math.min(at, bytes.length - 1)] = random.below(256);
    else if (kind === 1) bytes.splice(at, 1 + random.below(4));
    else if (kind === 2) bytes.splice(at, 0, ...randomBytes(random, 1 + random.below(4)));
    else if (kind === 3)
      bytes = [...bytes.slice(0, at), ...bytes.slice(random.below(bytes.length + 1))];
    else bytes = bytes.slice(0, at);
  }
  return Buffer.from(bytes);
}
