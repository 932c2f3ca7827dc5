// Encodes MessagePack in the dialect of Socket.IO's msgpack parser: `undefined` and dates are extensions of type 0.
// Knows nothing of packets.

import { bytesIn } from "./bytes.ts";
import type { EncodingFault } from "./encoding-errors.ts";
import { MAX_SENT_DEPTH } from "./limits.ts";

const FIRST_SIZE = 256;
const TWO_32 = 2 ** 32;
const TWO_63 = 2 ** 63;
const TWO_64 = 2 ** 64;
// Shorter text is written character by character for as long as it is ASCII.
const SHORT_TEXT = 64;

/** The type bytes of MessagePack that encoder and decoder use. */
export const Code = {
  NIL: 0xc0,
  FALSE: 0xc2,
  TRUE: 0xc3,
  BIN_8: 0xc4,
  EXT_8: 0xc7,
  FLOAT_32: 0xca,
  FLOAT_64: 0xcb,
  UINT_8: 0xcc,
  INT_8: 0xd0,
  FIXEXT_1: 0xd4,
  FIXEXT_8: 0xd7,
  STR_8: 0xd9,
  ARRAY_16: 0xdc,
  MAP_16: 0xde,
} as const;

/** For each kind: the maximum length of its shortest form, and the type bytes of the longer forms. */
interface Lengths {
  readonly fixed: number;
  readonly most: number;
  readonly eight: number | null;
  readonly sixteen: number;
}

const TEXT: Lengths = { fixed: 0xa0, most: 31, eight: Code.STR_8, sixteen: Code.STR_8 + 1 };
const BYTES: Lengths = { fixed: 0, most: -1, eight: Code.BIN_8, sixteen: Code.BIN_8 + 1 };
const ARRAY: Lengths = { fixed: 0x90, most: 15, eight: null, sixteen: Code.ARRAY_16 };
const MAP: Lengths = { fixed: 0x80, most: 15, eight: null, sixteen: Code.MAP_16 };

class Writer {
  #bytes = new Uint8Array(FIRST_SIZE);
  #view = new DataView(this.#bytes.buffer);
  #at = 0;
  readonly #utf8 = new TextEncoder();

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#at);
  }

  write(value: unknown, depth: number): void {
    switch (typeof value) {
      case "string":
        this.#text(value);
        return;
      case "number":
        this.#number(value);
        return;
      case "boolean":
        this.#byte(value ? Code.TRUE : Code.FALSE);
        return;
      case "undefined":
        this.#reserve(3);
        this.#byte(Code.FIXEXT_1);
        this.#byte(0);
        this.#byte(0);
        return;
      case "object":
        if (value === null) this.#byte(Code.NIL);
        else this.#object(value, depth);
        return;
      default:
        throw new TypeError(
          `a ${typeof value} cannot be sent as MessagePack` satisfies EncodingFault,
        );
    }
  }

  #object(value: object, depth: number): void {
    if (depth > MAX_SENT_DEPTH) {
      throw new TypeError(
        `data is circular or nested deeper than ${MAX_SENT_DEPTH} levels` satisfies EncodingFault,
      );
    }
    const bytes = bytesIn(value);
    if (Array.isArray(value)) {
      this.#length(value.length, ARRAY);
      // By index: holes are `undefined`.
      for (let at = 0; at < value.length; at++) this.write(value[at], depth + 1);
    } else if (bytes !== undefined) {
      this.#length(bytes.length, BYTES);
      this.#append(bytes);
    } else if (value instanceof Date) this.#date(value.getTime());
    else if (/^(Blob|File)$/.test(Object.prototype.toString.call(value).slice(8, -1))) {
      throw new TypeError(
        "a Blob cannot be sent as MessagePack: send `await blob.arrayBuffer()`" satisfies EncodingFault,
      );
    } else {
      const { toJSON } = value as { toJSON?: unknown };
      if (typeof toJSON === "function") this.write(toJSON.call(value), depth + 1);
      else this.#map(value as Readonly<Record<string, unknown>>, depth);
    }
  }

  #map(map: Readonly<Record<string, unknown>>, depth: number): void {
    const keys = Object.keys(map).filter((key) => typeof map[key] !== "function");
    this.#length(keys.length, MAP);
    for (const key of keys) {
      this.#text(key);
      this.write(map[key], depth + 1);
    }
  }

  #date(time: number): void {
    // As in JSON, an invalid date is null.
    if (Number.isNaN(time)) {
      this.#byte(Code.NIL);
      return;
    }
    this.#reserve(10);
    this.#byte(Code.FIXEXT_8);
    this.#byte(0);
    this.#wide(time);
  }

  #text(text: string): void {
    const start = this.#at;
    const { length } = text;
    if (length < SHORT_TEXT) {
      this.#length(length, TEXT);
      this.#reserve(length);
      let at = 0;
      for (; at < length; at++) {
        const code = text.charCodeAt(at);
        if (code > 0x7f) break;
        this.#bytes[this.#at++] = code;
      }
      if (at === length) return;
      this.#at = start;
    }
    const bytes = this.#utf8.encode(text);
    this.#length(bytes.length, TEXT);
    this.#append(bytes);
  }

  #number(value: number): void {
    this.#reserve(9);
    if (!Number.isInteger(value) || value >= TWO_64 || value < -TWO_63) {
      this.#byte(Code.FLOAT_64);
      this.#view.setFloat64(this.#at, value);
      this.#at += 8;
    } else if (value >= 0) this.#natural(value);
    else this.#negative(value);
  }

  #natural(value: number): void {
    if (value < 0x80) this.#byte(value);
    else if (value <= 0xff) this.#sized(Code.UINT_8, 1, value);
    else if (value <= 0xffff) this.#sized(Code.UINT_8 + 1, 2, value);
    else if (value < TWO_32) this.#sized(Code.UINT_8 + 2, 4, value);
    else {
      this.#byte(Code.UINT_8 + 3);
      this.#wide(value);
    }
  }

  #negative(value: number): void {
    if (value >= -0x20) this.#byte(value & 0xff);
    else if (value >= -0x80) this.#sized(Code.INT_8, 1, value & 0xff);
    else if (value >= -0x8000) this.#sized(Code.INT_8 + 1, 2, value & 0xffff);
    else if (value >= -0x80000000) this.#sized(Code.INT_8 + 2, 4, value >>> 0);
    else {
      this.#byte(Code.INT_8 + 3);
      this.#wide(value);
    }
  }

  /** A whole number of 64 bits, signed or unsigned; both have the same form. */
  #wide(value: number): void {
    this.#view.setUint32(this.#at, Math.floor(value / TWO_32) >>> 0);
    this.#view.setUint32(this.#at + 4, value >>> 0);
    this.#at += 8;
  }

  #length(length: number, { fixed, most, eight, sixteen }: Lengths): void {
    this.#reserve(5);
    if (length <= most) this.#byte(fixed + length);
    else if (length <= 0xff && eight !== null) this.#sized(eight, 1, length);
    else if (length <= 0xffff) this.#sized(sixteen, 2, length);
    else this.#sized(sixteen + 1, 4, length);
  }

  /** A type byte and a number of `size` bytes; the buffer must be large enough. */
  #sized(code: number, size: 1 | 2 | 4, value: number): void {
    this.#byte(code);
    if (size === 1) this.#view.setUint8(this.#at, value);
    else if (size === 2) this.#view.setUint16(this.#at, value);
    else this.#view.setUint32(this.#at, value);
    this.#at += size;
  }

  #byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#at++] = value;
  }

  #append(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  #reserve(size: number): void {
    const needed = this.#at + size;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes);
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}

/**
 * Encodes a value. Functions in objects are left out, `toJSON` is honoured, `Map` and `Set` are objects without keys,
 * as with Socket.IO's parser; bytes of any kind are `bin`, which is the only form that browsers can read there.
 * @throws TypeError for values without a MessagePack form: functions in arrays, symbols, bigints, Blobs, circular or
 * very deep data
 */
export function encodeMsgpack(value: unknown): Uint8Array {
  const writer = new Writer();
  writer.write(value, 0);
  return writer.finish();
}
