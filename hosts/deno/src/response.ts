// Responses of the server as those of Deno.

import { promisify } from "node:util";
import { brotliCompress, deflate, gzip } from "node:zlib";
import { type Compress, headerLines, type WebReply } from "@sockeye/server";

const functions = {
  br: promisify<Uint8Array, Uint8Array>(brotliCompress),
  gzip: promisify<Uint8Array, Uint8Array>(gzip),
  deflate: promisify<Uint8Array, Uint8Array>(deflate),
} as const;

/** Compresses bytes with the encoding's defaults, in another thread. */
export const compressBytes: Compress = (bytes, encoding) => functions[encoding](bytes);

/** A response. An empty body is none, so that Deno adds no type. */
export function responseOf({ status, headers, body }: WebReply): Response {
  // The types of the web's platforms do not agree on what bytes are.
  const content = body.length === 0 ? null : (body as string);
  return new Response(content, { status, headers: headerLines(headers) });
}
