// Decodes MessagePack strictly: the announced number of bytes must exist before anything is allocated.
// Knows nothing of packets.

import { MAX_DEPTH } from "./limits.ts";
import { Code } from "./msgpack-encoder.ts";
import { ProtocolError } from "./protocol-error.ts";

const TWO_32 = 2 ** 32;
// Longer text is decoded by the platform's decoder.
const SHORT_TEXT = 32;

function broken(what: string): ProtocolError {
  return new ProtocolError("MSGPACK", `broken MessagePack: ${what}`);
}

class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  readonly #maxDepth: number;
  #at = 0;

  constructor(bytes: Uint8Array, maxDepth: number) {
    this.#maxDepth = maxDepth;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  read(depth: number): unknown {
    if (depth > this.#maxDepth) throw new ProtocolError("NESTING", "data nested too deeply");
    const code = this.#uint(1);
    if (code < 0x80) return code;
    if (code < 0x90) return this.#map(code & 0x0f, depth);
    if (code < 0xa0) return this.#array(code & 0x0f, depth);
    if (code < 0xc0) return this.#text(code & 0x1f);
    if (code >= 0xe0) return code - 0x100;
    return this.#long(code, depth);
  }

  #long(code: number, depth: number): unknown {
    switch (code) {
      case Code.NIL:
        return null;
      case Code.FALSE:
        return false;
      case Code.TRUE:
        return true;
      case Code.BIN_8:
      case Code.BIN_8 + 1:
      case Code.BIN_8 + 2:
        return this.#take(this.#sized(code - Code.BIN_8));
      case Code.EXT_8:
      case Code.EXT_8 + 1:
      case Code.EXT_8 + 2:
        return this.#extension(this.#sized(code - Code.EXT_8));
      case Code.FLOAT_32:
        return this.#view.getFloat32(this.#skip(4));
      case Code.FLOAT_64:
        return this.#view.getFloat64(this.#skip(8));
      case Code.UINT_8:
      case Code.UINT_8 + 1:
      case Code.UINT_8 + 2:
        return this.#sized(code - Code.UINT_8);
      case Code.UINT_8 + 3:
        return this.#uint(4) * TWO_32 + this.#uint(4);
      case Code.INT_8:
        return this.#view.getInt8(this.#skip(1));
      case Code.INT_8 + 1:
        return this.#view.getInt16(this.#skip(2));
      case Code.INT_8 + 2:
        return this.#view.getInt32(this.#skip(4));
      case Code.INT_8 + 3:
        return this.#int64();
      case Code.FIXEXT_1:
        return this.#undefined();
      case Code.FIXEXT_8:
        return this.#date();
      case Code.STR_8:
      case Code.STR_8 + 1:
      case Code.STR_8 + 2:
        return this.#text(this.#sized(code - Code.STR_8));
      case Code.ARRAY_16:
      case Code.ARRAY_16 + 1:
        return this.#array(this.#sized(code - Code.ARRAY_16 + 1), depth);
      case Code.MAP_16:
      case Code.MAP_16 + 1:
        return this.#map(this.#sized(code - Code.MAP_16 + 1), depth);
      default:
        throw broken(`type 0x${code.toString(16)}`);
    }
  }

  #array(length: number, depth: number): unknown[] {
    // Every item takes a byte at least.
    this.#demand(length);
    const array: unknown[] = [];
    for (let at = 0; at < length; at++) array.push(this.read(depth + 1));
    return array;
  }

  #map(size: number, depth: number): Record<string, unknown> {
    this.#demand(size * 2);
    const map: Record<string, unknown> = {};
    for (let at = 0; at < size; at++) {
      const key = this.read(depth + 1);
      if (typeof key !== "string") throw broken("a key that is no text");
      const value = this.read(depth + 1);
      if (key !== "__proto__") map[key] = value;
      else {
        const attributes = { configurable: true, enumerable: true, writable: true };
        Object.defineProperty(map, key, { value, ...attributes });
      }
    }
    return map;
  }

  #text(length: number): string {
    const start = this.#skip(length);
    const end = start + length;
    if (length < SHORT_TEXT) {
      let text = "";
      let at = start;
      for (; at < end; at++) {
        const code = this.#bytes[at] as number;
        if (code > 0x7f) break;
        text += String.fromCharCode(code);
      }
      if (at === end) return text;
    }
    try {
      return this.#utf8.decode(this.#bytes.subarray(start, end));
    } catch {
      throw broken("text that is not UTF-8");
    }
  }

  #undefined(): undefined {
    if (this.#uint(1) !== 0) throw broken("an unknown extension");
    this.#skip(1);
    return undefined;
  }

  #date(): Date {
    if (this.#uint(1) !== 0) throw broken("an unknown extension");
    return new Date(this.#int64());
  }

  /** Bytes in the form in which Socket.IO's parser sends views other than Buffer. */
  #extension(length: number): Uint8Array {
    if (this.#uint(1) !== 0) throw broken("an unknown extension");
    return this.#take(length);
  }

  #take(length: number): Uint8Array {
    const start = this.#skip(length);
    return this.#bytes.subarray(start, start + length);
  }

  #int64(): number {
    const start = this.#skip(8);
    return this.#view.getInt32(start) * TWO_32 + this.#view.getUint32(start + 4);
  }

  /** A number of one, two or four bytes. */
  #sized(exponent: number): number {
    return this.#uint(exponent === 0 ? 1 : exponent === 1 ? 2 : 4);
  }

  #uint(size: 1 | 2 | 4): number {
    const start = this.#skip(size);
    if (size === 1) return this.#view.getUint8(start);
    return size === 2 ? this.#view.getUint16(start) : this.#view.getUint32(start);
  }

  /** Advances, and returns the position before. */
  #skip(length: number): number {
    this.#demand(length);
    const start = this.#at;
    this.#at += length;
    return start;
  }

  #demand(length: number): void {
    if (length > this.#bytes.length - this.#at) throw broken("it ends too early");
  }
}

/**
 * Decodes one value. Bytes inside are views of `bytes`, and Buffers when `bytes` is one.
 * @throws ProtocolError `MSGPACK` for anything but exactly one value, `NESTING` when it is nested too deeply
 */
export function decodeMsgpack(bytes: Uint8Array, maxDepth: number = MAX_DEPTH): unknown {
  const reader = new Reader(bytes, maxDepth);
  const value = reader.read(0);
  if (!reader.isAtEnd) throw broken("something follows it");
  return value;
}
