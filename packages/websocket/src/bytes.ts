// What frames need of bytes and text, as a port: a runtime has quicker ways for some of it. Knows no frames.

/** Operations on bytes. `B` is the runtime's class of bytes, of which every view must be one too. */
export interface Bytes<B extends Uint8Array = Uint8Array> {
  /** New bytes; their contents are undefined, and need not be zeros. */
  allocate(size: number): B;
  isUtf8(bytes: B): boolean;
  /** The bytes from `from` to `to` as text, one character for each byte. */
  latin1(bytes: Uint8Array, from: number, to: number): string;
  /** The same as UTF-8, which `isUtf8` has accepted. */
  utf8(bytes: B, from: number, to: number): string;
  /** The text as UTF-8. */
  encode(text: string): B;
  /** The length of the text in UTF-8. */
  byteLength(text: string): number;
  /** The longest string of the runtime, in characters. */
  readonly longestString: number;
}

// `String.fromCharCode` takes as many arguments as the stack holds.
const CHUNK = 4096;
const LONGEST_STRING = 2 ** 29 - 24;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const strictDecoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The operations with what every runtime has. */
export const portableBytes: Bytes = {
  longestString: LONGEST_STRING,
  allocate: (size) => new Uint8Array(size),
  isUtf8(bytes) {
    try {
      strictDecoder.decode(bytes);
      return true;
    } catch {
      return false;
    }
  },
  latin1(bytes, from, to) {
    let text = "";
    for (let at = from; at < to; at += CHUNK) {
      text += String.fromCharCode(...bytes.subarray(at, Math.min(to, at + CHUNK)));
    }
    return text;
  },
  utf8: (bytes, from, to) => decoder.decode(bytes.subarray(from, to)),
  encode: (text) => encoder.encode(text),
  byteLength(text) {
    let length = 0;
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      if (unit < 0x80) length += 1;
      else if (unit < 0x800) length += 2;
      // A surrogate pair is two units and four bytes; a lone surrogate is written as U+FFFD, in three.
      else if (unit < 0xd800 || unit > 0xdbff || !isLowSurrogate(text, at + 1)) length += 3;
      else {
        length += 4;
        at++;
      }
    }
    return length;
  },
};

function isLowSurrogate(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff;
}
