// What is likely to be misread: names that objects have by birth, numbers at the edges, texts that are no text. And
// mutations, which know nothing of what they change.

import type { SeededRandom } from "../../packages/testkit/src/seeded-random.ts";

type Some<T> = readonly [T, ...T[]];

/** Names that mean something to JavaScript, to Socket.IO, or to nobody. */
export const NAMES: Some<string> = [
  ...(["hello", "ask", "room", "a", "", "x y", "0", "-1", "length", "message"] as const),
  ...(["__proto__", "constructor", "prototype", "toString", "valueOf", "hasOwnProperty"] as const),
  ...(["then", "splice", "toJSON", "connect", "connect_error", "disconnect"] as const),
  ...(["disconnecting", "newListener", "removeListener", "error", "_placeholder", "num"] as const),
  ...(["sid", "pid", "EIO", "transport", "é", "\u{1f41f}", "\ud800", "\u0000", "\u2028"] as const),
];

const NUMBERS: Some<string> = [
  ...(["0", "1", "-1", "2", "10", "11", "1e6", "1000000", "4294967295", "4294967296"] as const),
  ...([
    "9007199254740991",
    "9007199254740993",
    "1e308",
    "1e999",
    "-0",
    "0.5",
    "00",
    "0x1",
  ] as const),
  ...(["99999999999999999999", "NaN", "Infinity", "01", " 1", "1 ", "+1", "١"] as const),
];

/** A text for a query. Half of a character has no form there. */
export function queryPart(text: string): string {
  return encodeURIComponent(text.replace(/[\ud800-\udfff]/g, "\ufffd"));
}

/** A number as text; not always one. */
export function numberText(random: SeededRandom): string {
  return random.once(3) ? random.pick(NUMBERS) : String(random.below(100_000));
}

/** A name as it stands in JSON. */
export function nameText(random: SeededRandom): string {
  return JSON.stringify(random.pick(NAMES));
}

const SCALARS: Some<(random: SeededRandom) => string> = [
  () => "null",
  () => "true",
  () => '"x"',
  (random) => (random.once(4) ? "" : "1"),
  () => "{}",
  () => "[]",
  () => '{"_placeholder":true}',
  nameText,
  numberText,
  (random) => `{"_placeholder":true,"num":${random.pick([numberText, nameText])(random)}}`,
  (random) => `{"_placeholder":true,"num":${random.below(3)}}`,
];

/** A value in JSON, or almost. */
export function jsonText(random: SeededRandom, depth = 0): string {
  const kind = random.below(depth > 2 ? 6 : 10);
  if (kind < 6) return random.pick(SCALARS)(random);
  const count = random.below(4);
  if (kind < 8) {
    let items = "";
    for (let at = 0; at < count; at++)
      items += `${at > 0 ? "," : ""}${jsonText(random, depth + 1)}`;
    return `[${items}]`;
  }
  if (kind === 8 && random.once(400)) return nested(random);
  let members = "";
  for (let at = 0; at < count; at++) {
    members += `${at > 0 ? "," : ""}${nameText(random)}:${jsonText(random, depth + 1)}`;
  }
  return `{${members}}`;
}

function nested(random: SeededRandom): string {
  const levels = random.pick([10, 999, 1000, 1001, 1500, 20_000]);
  return random.once(2)
    ? "[".repeat(levels) + "]".repeat(levels)
    : `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`;
}

/** A namespace in a packet, with its comma, or nothing. */
export function namespaceText(random: SeededRandom): string {
  const kind = random.below(8);
  if (kind < 4) return "";
  if (kind < 6) return "/side,";
  return `/${random.pick(NAMES)}${random.once(4) ? `?${random.pick(NAMES)}=1` : ""}${random.once(8) ? "" : ","}`;
}

/** Some bytes. */
export function someBytes(random: SeededRandom, most: number): Uint8Array {
  const bytes = new Uint8Array(random.below(most + 1));
  for (let at = 0; at < bytes.length; at++) bytes[at] = random.below(256);
  return bytes;
}

/** A copy of bytes in which a few were changed, doubled, moved, put in or dropped. */
export function mutatedBytes(random: SeededRandom, original: Uint8Array): Uint8Array {
  let bytes: Uint8Array = original.slice();
  for (let times = 1 + random.below(3); times > 0; times--) {
    const at = random.below(bytes.length + 1);
    const to = random.below(bytes.length + 1);
    const kind = random.below(6);
    if (kind < 2) bytes[Math.min(at, bytes.length - 1)] = random.below(256);
    else if (kind === 2) bytes = spliced(bytes, [at, at + random.below(5)]);
    else if (kind === 3) bytes = spliced(bytes, [at, at], someBytes(random, 4));
    else if (kind === 4)
      bytes = spliced(bytes, [at, at], bytes.subarray(Math.min(at, to), Math.max(at, to)));
    else bytes = bytes.slice(0, at);
  }
  return bytes;
}

function spliced(
  bytes: Uint8Array,
  [from, to]: readonly [number, number],
  put?: Uint8Array,
): Uint8Array {
  const tail = bytes.subarray(Math.min(to, bytes.length));
  const whole = new Uint8Array(from + (put?.length ?? 0) + tail.length);
  whole.set(bytes.subarray(0, from));
  if (put !== undefined) whole.set(put, from);
  whole.set(tail, whole.length - tail.length);
  return whole;
}

/** The same for text. */
export function mutatedText(random: SeededRandom, original: string): string {
  let text = original;
  for (let times = 1 + random.below(3); times > 0; times--) {
    const at = random.below(text.length + 1);
    const to = random.below(text.length + 1);
    const kind = random.below(6);
    if (kind === 0)
      text = `${text.slice(0, at)}${String.fromCharCode(random.below(256))}${text.slice(at + 1)}`;
    else if (kind === 1) text = text.slice(0, at) + text.slice(at + 1 + random.below(4));
    else if (kind === 2) text = text.slice(0, at) + random.pick(NAMES) + text.slice(at);
    else if (kind === 3) text = text.slice(0, at) + numberText(random) + text.slice(at);
    else if (kind === 4) text = text.slice(0, at) + text.slice(Math.min(at, to));
    else text = text.slice(0, at);
  }
  return text;
}

/** Cuts bytes into chunks: whole, in two, or byte by byte. */
export function chunksOf(random: SeededRandom, bytes: Uint8Array): readonly Uint8Array[] {
  const kind = random.below(4);
  if (kind < 2 || bytes.length < 2) return [bytes];
  const size = kind === 2 ? 1 + random.below(bytes.length) : 1 + random.below(3);
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.slice(at, at + size));
  return chunks;
}
