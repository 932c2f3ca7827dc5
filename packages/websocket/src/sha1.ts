// SHA-1 (FIPS 180-4) of a short text, for the handshake of WebSockets. The web's `crypto.subtle` answers by a promise,
// which would delay every handshake by a turn; runtimes with a synchronous one hand it in. Not for secrets.

const BLOCK = 64;
const ROUNDS = 80;
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** The SHA-1 of a text of one byte per character, in base64. */
export type Sha1 = (text: string) => string;

function rotated(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}

/** The text, a one bit, zeros, and the length in bits, as words. */
function padded(text: string): Uint32Array {
  const { length } = text;
  const words = new Uint32Array(Math.ceil((length + 9) / BLOCK) * (BLOCK / 4));
  for (let at = 0; at <= length; at++) {
    const byte = at === length ? 0x80 : text.charCodeAt(at) & 0xff;
    words[at >>> 2] = (words[at >>> 2] as number) | (byte << (24 - (at & 3) * 8));
  }
  words[words.length - 1] = length * 8;
  return words;
}

type Words = readonly [number, number, number, number, number];

/** The function and the constant of a round. */
function mixed(round: number, [, b, c, d]: Words): number {
  if (round < 20) return ((b & c) | (~b & d)) + 0x5a827999;
  if (round < 40) return (b ^ c ^ d) + 0x6ed9eba1;
  if (round < 60) return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
  return (b ^ c ^ d) + 0xca62c1d6;
}

function digest(words: Uint32Array): Uint32Array {
  const state = Uint32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0);
  const schedule = new Uint32Array(ROUNDS);
  for (let block = 0; block < words.length; block += BLOCK / 4) {
    for (let at = 0; at < ROUNDS; at++) {
      const earlier = (back: number): number => schedule[at - back] as number;
      schedule[at] =
        at < 16
          ? (words[block + at] as number)
          : rotated(earlier(3) ^ earlier(8) ^ earlier(14) ^ earlier(16), 1);
    }
    let chain = [...state] as unknown as Words;
    for (let round = 0; round < ROUNDS; round++) {
      const [a, b, c, d, e] = chain;
      const next = (rotated(a, 5) + mixed(round, chain) + e + (schedule[round] as number)) | 0;
      chain = [next, a, rotated(b, 30), c, d];
    }
    for (const [at, each] of chain.entries()) state[at] = (state[at] as number) + each;
  }
  return state;
}

/** SHA-1 in plain arithmetic: some ten microseconds for a handshake. */
export const portableSha1: Sha1 = (text) => {
  const state = digest(padded(text));
  let bits = 0;
  let count = 0;
  let encoded = "";
  for (let at = 0; at < 20; at++) {
    bits = (bits << 8) | (((state[at >>> 2] as number) >>> (24 - (at & 3) * 8)) & 0xff);
    for (count += 8; count >= 6; count -= 6) encoded += ALPHABET[(bits >>> (count - 6)) & 63];
  }
  // 160 bits are 26 characters and four bits.
  return `${encoded}${ALPHABET[(bits << 2) & 63]}=`;
};
