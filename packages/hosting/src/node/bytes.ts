// Bytes as Buffer, which is what applications on these runtimes know, compressed in another thread.

import { Buffer } from "node:buffer";
import { brotliCompress, deflate, gzip } from "node:zlib";
import { type Compress, zlibCompress } from "@sockeye/server";
import type { RuntimeBytes } from "../runtime.ts";

/** Compresses bytes with the encoding's defaults. */
export const compressBytes: Compress = zlibCompress({ brotliCompress, deflate, gzip });

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
