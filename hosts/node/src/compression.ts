// Compression of HTTP answers: which encoding a peer accepts, and doing it.

import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream";
import { createBrotliCompress, createDeflate, createGzip, type ZlibOptions } from "node:zlib";

/** An encoding we can produce. */
export type Encoding = "br" | "gzip" | "deflate";

/** How polling answers are compressed; zlib's options may stand beside the threshold. */
export interface CompressionOptions extends ZlibOptions {
  /** Smallest body, in bytes, that is compressed. */
  readonly threshold?: number;
}

/** The first of `offered` that the peer accepts with a weight above zero. */
export function acceptedEncoding(
  header: string | string[] | undefined,
  offered: readonly Encoding[],
): Encoding | null {
  const accepted = new Set<string>();
  for (const part of String(header ?? "").split(",")) {
    const [name = "", ...parameters] = part.trim().toLowerCase().split(";");
    const isRefused = parameters.some((parameter) => /^\s*q=0(\.0+)?\s*$/.test(parameter));
    if (!isRefused) accepted.add(name.trim());
  }
  return offered.find((encoding) => accepted.has(encoding) || accepted.has("*")) ?? null;
}

/** Sends a body compressed; the headers, without a length, must have been given to `response`. */
export function sendCompressed(
  response: ServerResponse<IncomingMessage>,
  body: Buffer,
  how: { readonly encoding: Encoding; readonly options: ZlibOptions },
): void {
  const { encoding, options } = how;
  const stream =
    encoding === "br"
      ? createBrotliCompress()
      : encoding === "gzip"
        ? createGzip(options)
        : createDeflate(options);
  // The peer may go away in the middle; there is nobody left to tell.
  pipeline(stream, response, () => {});
  stream.end(body);
}
