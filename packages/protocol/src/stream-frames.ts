// Frames in a stream of bytes, as WebTransport carries them: a header with the length, then the frame. Client and server
// share it. Knows no streams, only chunks.
//
//   length n      header
//   up to 125     n
//   up to 65 535  7e, n in two bytes
//   beyond        7f, n in eight bytes        the first bit of the header says that the frame is bytes

import { ByteQueue } from "./byte-queue.ts";
import type { Frame } from "./frame.ts";

const BINARY = 0x80;
const IN_2_BYTES = 126;
const IN_8_BYTES = 127;
const MOST_IN_2_BYTES = 65_535;

// Made when they are needed: bundles without WebTransport leave them out, and jsdom has neither.
let encoder: TextEncoder | undefined;
let decoder: TextDecoder | undefined;

function encoded(text: string): Uint8Array<ArrayBuffer> {
  encoder ??= new TextEncoder();
  return encoder.encode(text);
}

/** @throws TypeError when the bytes are not UTF-8 */
function decoded(bytes: Uint8Array): string {
  // A byte order mark is part of the text.
  decoder ??= new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  return decoder.decode(bytes);
}

/** A frame with its header in front, in memory of its own. */
export function streamFrame(frame: Frame): Uint8Array<ArrayBuffer> {
  const isText = typeof frame === "string";
  const payload = isText ? encoded(frame) : frame;
  const header = streamHeader(payload.length, isText ? "text" : "bytes");
  const whole = new Uint8Array(header.length + payload.length);
  whole.set(header);
  whole.set(payload, header.length);
  return whole;
}

/** The header of a frame of `length` bytes. */
export function streamHeader(length: number, kind: "text" | "bytes"): Uint8Array<ArrayBuffer> {
  const first = kind === "text" ? 0 : BINARY;
  if (length < IN_2_BYTES) return Uint8Array.of(first | length);
  if (length <= MOST_IN_2_BYTES) {
    return Uint8Array.of(first | IN_2_BYTES, length >>> 8, length & 0xff);
  }
  const header = new Uint8Array(9);
  header[0] = first | IN_8_BYTES;
  new DataView(header.buffer).setBigUint64(1, BigInt(length));
  return header;
}

/** Puts frames together from chunks, in time linear in their bytes. Keeps no more than what has arrived. */
export class StreamFrameReader {
  readonly #limit: number;
  readonly #tooLong: (length: number) => Error;
  readonly #bytes = new ByteQueue();
  #wanted: "header" | "length" | "payload" = "header";
  #count = 1;
  #isBinary = false;

  /** `limit`: most bytes of a frame; `tooLong` makes the error for a frame that announces more. */
  constructor(limit: number, tooLong: (length: number) => Error) {
    this.#limit = Math.min(limit, Number.MAX_SAFE_INTEGER);
    this.#tooLong = tooLong;
  }

  /** Adds a copy of a chunk. */
  put(chunk: Uint8Array): void {
    this.#bytes.put(chunk);
  }

  /**
   * Removes and returns the next frame; `undefined` while it is not complete.
   * @throws the error of `tooLong`, as soon as the header has arrived; TypeError when text is not UTF-8
   */
  next(): string | Uint8Array<ArrayBuffer> | undefined {
    while (this.#bytes.length >= this.#count) {
      const taken = this.#bytes.take(this.#count);
      if (this.#wanted === "payload") {
        this.#expect("header", 1);
        return this.#isBinary ? taken : decoded(taken);
      }
      if (this.#wanted === "header") this.#onHeader(taken[0] as number);
      else this.#onLength(taken);
    }
    return undefined;
  }

  #onHeader(first: number): void {
    this.#isBinary = first >= BINARY;
    const length = first & ~BINARY;
    if (length < IN_2_BYTES) this.#expectPayload(length);
    else this.#expect("length", length === IN_2_BYTES ? 2 : 8);
  }

  #onLength(bytes: Uint8Array<ArrayBuffer>): void {
    const view = new DataView(bytes.buffer);
    this.#expectPayload(bytes.length === 2 ? view.getUint16(0) : Number(view.getBigUint64(0)));
  }

  #expectPayload(length: number): void {
    if (length > this.#limit) throw this.#tooLong(length);
    this.#expect("payload", length);
  }

  #expect(wanted: "header" | "length" | "payload", count: number): void {
    this.#wanted = wanted;
    this.#count = count;
  }
}
