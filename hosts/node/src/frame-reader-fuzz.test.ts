// A million random frames, most of them right, cut at random places: our reader and the receiver of `ws` must
// make the same messages, pings, closes and errors of them. FUZZ_SEED repeats a run, FUZZ_FRAMES sets its length.

import { SeededRandom } from "@sockeye/testkit";
import { FrameReader } from "@sockeye/websocket";
import { expect, test } from "vitest";
import { readByUs, readByWs } from "../test/client-frames.ts";
import { nodeBytes } from "./bytes.ts";

const SEED = Number(process.env["FUZZ_SEED"] ?? 20_261_121);
const FRAMES = Number(process.env["FUZZ_FRAMES"] ?? 1_000_000);
const LIMIT = 3000;
// Streams are as long as this at most, so that much is tried after a fault, which ends one.
const MOST_FRAMES = 400;

const TEXT = 1;
const LETTERS = ["a", "Z", "{", '"', "\n", "\0", "ä", "ß", "€", "漢", "😀", "\ufeff", "\ufffd"];
const TEXTS = Array.from({ length: 64 }, (_, n) => Buffer.from(LETTERS.join("").repeat(n)));
const ASCII = Buffer.from('42["event",{"key":[1,2,3]}]'.repeat(160));
const CODES = [
  1000, 1001, 1003, 1007, 1011, 3000, 4999, 0, 999, 1004, 1005, 1006, 1015, 2999, 5000,
];

/** Writes streams of frames; remembers what message is open, so that most of what it writes is right. */
class Writer {
  readonly bytes: Buffer = Buffer.alloc(MOST_FRAMES * (LIMIT + 200));
  frames = 0;
  length = 0;
  readonly #dice: SeededRandom;
  #open = 0;
  // What the open text message is made of, and how far it has been written.
  #source = ASCII;
  #read = 0;

  constructor(dice: SeededRandom) {
    this.#dice = dice;
  }

  /** Writes a stream anew. */
  stream(): Buffer {
    this.length = 0;
    this.#open = 0;
    const count = 1 + this.#dice.below(MOST_FRAMES);
    for (let n = 0; n < count; n++) this.#frame();
    if (this.#dice.once(3)) this.#control(8);
    return this.bytes.subarray(0, this.length);
  }

  #frame(): void {
    const dice = this.#dice;
    if (dice.once(12)) {
      this.#control(dice.once(200) ? 8 : 9 + dice.below(2));
      return;
    }
    const isNew = this.#open === 0;
    const opcode = isNew ? 1 + dice.below(2) : 0;
    const fin = isNew ? !dice.once(5) : dice.once(2);
    const at = this.#head(opcode, fin, this.#size());
    if (isNew) {
      this.#open = opcode;
      this.#source = dice.below(4) === 0 ? (TEXTS[dice.below(TEXTS.length)] ?? ASCII) : ASCII;
      this.#read = 0;
    }
    this.#payload(at, fin);
    if (fin) this.#open = 0;
  }

  #size(): number {
    const dice = this.#dice;
    if (dice.once(1000)) return LIMIT - 5 + dice.below(10);
    if (dice.once(40)) return dice.below(600);
    return dice.once(10) ? 120 + dice.below(10) : dice.below(80);
  }

  #control(opcode: number): void {
    const dice = this.#dice;
    const length = dice.once(20) ? 118 + dice.below(8 + (dice.once(20) ? 4 : 0)) : dice.below(20);
    const at = this.#head(opcode, !dice.once(600), opcode === 8 && length === 1 ? 2 : length);
    if (opcode === 8 && this.length - at >= 2) {
      const isListed = !dice.once(4);
      const code = isListed ? (CODES[dice.below(CODES.length)] ?? 0) : dice.below(65_536);
      this.bytes.writeUInt16BE(code, at);
      if (!dice.once(20)) ASCII.copy(this.bytes, at + 2, 0, this.length - at - 2);
    }
    this.#mask(at);
  }

  /** Writes a header, now and then a wrong one, and room for the payload; returns where that begins. */
  #head(opcode: number, fin: boolean, length: number): number {
    const dice = this.#dice;
    const { bytes } = this;
    this.frames++;
    let at = this.length;
    bytes[at++] = dice.once(4000) ? dice.below(256) : (fin ? 0x80 : 0) | opcode;
    const mask = dice.once(6000) ? 0 : 0x80;
    const form = dice.once(200) ? dice.below(3) : length < 126 ? 0 : 1;
    const claim = dice.once(6000) ? dice.below(70_000) : length;
    if (form === 0) bytes[at++] = mask | (claim & 0x7f);
    else if (form === 1) {
      bytes[at++] = mask | 126;
      at = bytes.writeUInt16BE(claim & 0xffff, at);
    } else {
      bytes[at++] = mask | 127;
      at = bytes.writeUInt32BE(dice.once(20) ? dice.below(0x40_0000) : 0, at);
      at = bytes.writeUInt32BE(claim, at);
    }
    // Four bytes of mask, all zero once in a while.
    at = bytes.writeUInt32BE(dice.once(10) ? 0 : dice.below(0xffff_ffff), at);
    this.length = at + length;
    return at;
  }

  #payload(at: number, fin: boolean): void {
    const dice = this.#dice;
    const { bytes } = this;
    const end = this.length;
    if (this.#open === TEXT) {
      // The next part of the source; its last one ends with a whole character, and letters fill the rest.
      let copied = this.#source.copy(bytes, at, this.#read, this.#read + end - at);
      this.#read += copied;
      if (fin)
        while (copied > 0 && ((this.#source[this.#read] ?? 0) & 0xc0) === 0x80) {
          copied--;
          this.#read--;
        }
      bytes.fill(0x61, at + copied, end);
      if (end > at && dice.once(5000)) bytes[at + dice.below(end - at)] = 0x80 + dice.below(128);
    }
    this.#mask(at);
  }

  #mask(at: number): void {
    const { bytes } = this;
    for (let n = at; n < this.length; n++) {
      bytes[n] = (bytes[n] as number) ^ (bytes[at - 4 + ((n - at) & 3)] as number);
    }
  }
}

/** Cuts a stream as a network might, and worse. */
function cut(stream: Buffer, dice: SeededRandom): Buffer[] {
  const most = [1 << 16, 1 << 16, 1448, 300, 20, 3][dice.below(6)] ?? 1;
  const chunks: Buffer[] = [];
  for (let at = 0; at < stream.length; ) {
    const end = Math.min(stream.length, at + 1 + dice.below(most));
    chunks.push(stream.subarray(at, end));
    at = end;
  }
  return chunks;
}

test(`WS9 ${FRAMES} random frames with seed ${SEED} are read as ws reads them`, {
  timeout: 120_000,
}, () => {
  console.info(`frame fuzz: FUZZ_SEED=${SEED}, ${FRAMES} frames`);
  const dice = new SeededRandom(SEED);
  const writer = new Writer(dice);
  const reader = new FrameReader(LIMIT, nodeBytes);
  const ends = new Map<string, number>();
  let messages = 0;
  for (let streams = 0; writer.frames < FRAMES; streams++) {
    const chunks = cut(writer.stream(), dice);
    const ours = readByUs(chunks, reader);
    const theirs = readByWs(chunks, LIMIT);
    if (ours.join("\n") !== theirs.join("\n")) expect(ours, `stream ${streams}`).toEqual(theirs);
    messages += ours.length;
    const end = /^(?:error|close) .*?(?= |$)/.exec(ours.at(-1) ?? "")?.[0] ?? "none";
    ends.set(end, (ends.get(end) ?? 0) + 1);
  }
  console.info(`frame fuzz: ${messages} lines alike; ends: ${JSON.stringify([...ends])}`);
  // Every kind of end was met, so that their being alike says something.
  for (const end of ["error 1002", "error 1007", "error 1009", "close 1000", "none"]) {
    expect(ends.get(end) ?? 0, end).toBeGreaterThan(FRAMES / 50_000);
  }
});
