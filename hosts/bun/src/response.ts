// Responses of the server as those of Bun.

import { promisify } from "node:util";
import { brotliCompress, deflate, gzip } from "node:zlib";
import type { HttpReply, ReplyHeaders } from "@sockeye/engine";
import type { Compress } from "@sockeye/server";
import type { HeaderLines } from "./bun.ts";

const functions = {
  br: promisify<Uint8Array, Uint8Array>(brotliCompress),
  gzip: promisify<Uint8Array, Uint8Array>(gzip),
  deflate: promisify<Uint8Array, Uint8Array>(deflate),
} as const;

/** Compresses bytes with the encoding's defaults, in another thread. */
export const compressBytes: Compress = (bytes, encoding) => functions[encoding](bytes);

/** Headers line by line; one with several values, such as cookies, is several lines. */
export function headerLines(headers: ReplyHeaders): HeaderLines {
  const lines: HeaderLines = [];
  for (const name of Object.keys(headers)) {
    const value = headers[name] ?? [];
    if (typeof value === "string") lines.push([name, value]);
    else for (const each of value) lines.push([name, each]);
  }
  return lines;
}

/** A response. An empty body is none, so that Bun adds no type. */
export function responseOf({ status, headers, body }: Omit<HttpReply, "compress">): Response {
  // The types of the web's platforms do not agree on what bytes are.
  const content = body.length === 0 ? null : (body as string);
  // A record is quicker than lines.
  const isPlain = Object.values(headers).every((value) => typeof value === "string");
  const lines = isPlain ? (headers as Record<string, string>) : headerLines(headers);
  return new Response(content, { status, headers: lines });
}
