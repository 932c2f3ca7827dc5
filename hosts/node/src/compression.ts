// Compression of HTTP responses: negotiation of the encoding, and the compression itself.

import type { IncomingMessage, ServerResponse } from "node:http";
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

const brotli = promisify(brotliCompress);
const gzipped = promisify<Buffer, Buffer>(gzip);
const deflated = promisify<Buffer, Buffer>(deflate);

/** A supported encoding. */
export type Encoding = "br" | "gzip" | "deflate";

/** Options of compression for polling responses: the threshold, and zlib's options. */
export interface CompressionOptions extends ZlibOptions {
  /** Smallest body, in bytes, that is compressed. */
  readonly threshold?: number;
}

/** The one of `offered` with the client's greatest weight; of equal weights the one that the client names first. */
export function acceptedEncoding<E extends Encoding>(
  header: string | string[] | undefined,
  offered: readonly E[],
): E | null {
  const named = String(header ?? "")
    .split(",")
    .map(preferenceOf);
  const everything = named.find(({ name }) => name === "*");
  const ranked = offered.map((encoding, at) => {
    const own = named.findIndex(({ name }) => name === encoding);
    const { weight } = named[own] ?? everything ?? { weight: 0 };
    return { encoding, weight, at: own === -1 ? named.length + at : own };
  });
  ranked.sort((a, b) => b.weight - a.weight || a.at - b.at);
  return ranked.find(({ weight }) => weight > 0)?.encoding ?? null;
}

function preferenceOf(part: string): { readonly name: string; readonly weight: number } {
  const [name = "", ...parameters] = part.toLowerCase().split(";");
  const weights = parameters.map((each) => each.trim()).filter((each) => each.startsWith("q="));
  // An invalid weight is ignored.
  const weight = weights.length === 0 ? 1 : Number.parseFloat(weights[0]?.slice(2) ?? "") || 0;
  return { name: name.trim(), weight };
}

/** Compresses bytes with the encoding's defaults, in another thread. */
export async function compressBytes(bytes: Buffer, encoding: Encoding): Promise<Buffer> {
  switch (encoding) {
    case "br":
      return await brotli(bytes);
    case "gzip":
      return await gzipped(bytes);
    case "deflate":
      return await deflated(bytes);
  }
}

/** Sends a body compressed; the headers, without a length, must have been given to `response`. */
export function sendCompressed(
  response: ServerResponse<IncomingMessage>,
  body: Buffer,
  how: { readonly encoding: "gzip" | "deflate"; readonly options: ZlibOptions },
): void {
  const { encoding, options } = how;
  const stream = encoding === "gzip" ? createGzip(options) : createDeflate(options);
  // The client may disconnect during compression; then there is no one to answer.
  pipeline(stream, response, () => {});
  stream.end(body);
}
