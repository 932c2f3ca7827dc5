// Compression of polling responses with the application's options of zlib.

import type { ServerResponse } from "node:http";
import { pipeline } from "node:stream";
import { createDeflate, createGzip, type ZlibOptions } from "node:zlib";

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
