// Bytes as Buffer, which is what applications on these runtimes know, compressed in another thread.

import { Buffer } from "node:buffer";
import { promisify } from "node:util";
import { brotliCompress, deflate, gzip } from "node:zlib";
import type { Compress } from "@sockeye/server";
import type { RuntimeBytes } from "../runtime.ts";

const functions = {
  br: promisify<Uint8Array, Uint8Array>(brotliCompress),
  gzip: promisify<Uint8Array, Uint8Array>(gzip),
  deflate: promisify<Uint8Array, Uint8Array>(deflate),
} as const;

/** Compresses bytes with the encoding's defaults. */
export const compressBytes: Compress = (bytes, encoding) => functions[encoding](bytes);

/** Bytes of bodies and messages. */
export const bufferBytes: RuntimeBytes<Buffer> = {
  bytes: {
    allocate: (size) => Buffer.allocUnsafe(size),
    utf8: (bytes, from, to) => bytes.toString("utf8", from, to),
  },
  view: ({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength),
  encode: (text) => Buffer.from(text),
  compress: compressBytes,
  received: (data) => Buffer.from(data),
  byteLength: (text) => Buffer.byteLength(text),
};
