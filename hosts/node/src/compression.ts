// Compression of HTTP responses with zlib.

import type { ServerResponse } from "node:http";
import { pipeline } from "node:stream";
import { promisify } from "node:util";
import {
  brotliCompress,
  createDeflate,
  createGzip,
  deflate,
  gzip,
  type ZlibOptions,
} from "node:zlib";
import type { Compress } from "@sockeye/server";

const functions = {
  br: promisify<Uint8Array, Buffer>(brotliCompress),
  gzip: promisify<Uint8Array, Buffer>(gzip),
  deflate: promisify<Uint8Array, Buffer>(deflate),
} as const;

/** Compresses bytes with the encoding's defaults, in another thread. */
export const compressBytes: Compress = (bytes, encoding) => functions[encoding](bytes);

/** Sends a body compressed; the headers, without a length, must have been given to `response`. */
export function sendCompressed(
  response: ServerResponse,
  body: Buffer,
  how: { readonly encoding: "gzip" | "deflate"; readonly options: ZlibOptions },
): void {
  const { encoding, options } = how;
  const stream = encoding === "gzip" ? createGzip(options) : createDeflate(options);
  // The client may disconnect during compression; then there is no one to answer.
  pipeline(stream, response, () => {});
  stream.end(body);
}
