// Responses of the server over those of uWebSockets.js.

import { STATUS_CODES, validateHeaderName, validateHeaderValue } from "node:http";
import type { ReplyHeaders } from "@sockeye/engine";
import { services } from "@sockeye/node/kit";
import { type Completion, headerLines, type WriteReply } from "@sockeye/server";
import type { UwsResponse } from "./uws.ts";

/** What uWebSockets.js writes by itself. */
const OWN = /^(connection|content-length)$/i;

/** Writes status and headers; `false`, and nothing is written: one is invalid, which is reported as uncaught. */
function writeHead(response: UwsResponse, status: number, headers: ReplyHeaders): boolean {
  const lines = headerLines(headers);
  try {
    // uWebSockets.js would write a line break as it is.
    for (const [name, value] of lines) {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    }
  } catch (error) {
    services.surface(error);
    return false;
  }
  const isDefault = status === 200 || (status === 101 && lines.length === 0);
  if (!isDefault) response.writeStatus(`${status} ${STATUS_CODES[status] ?? ""}`);
  for (const [name, value] of lines) {
    if (!OWN.test(name)) response.writeHeader(name, value);
  }
  return true;
}

/** Writes a complete response; a bare 500 in place of one whose headers are invalid. */
export const writeReply: WriteReply<UwsResponse> = (response, reply, manner) => {
  const { status, headers, body } = reply;
  const { method, isReading } = manner;
  if (!writeHead(response, status, headers)) {
    writeReply(response, { status: 500, headers: {}, body: "" }, manner);
    return;
  }
  const isBare = status === 204 || status === 304 || method === "HEAD";
  const isLast = headers["connection"] === "close";
  const isClosing = isLast && !isReading && !isBare;
  if (isLast && !isClosing) response.writeHeader("connection", "close");
  if (!isBare) response.end(body, isClosing);
  else {
    if (method === "HEAD") response.writeHeader("content-length", String(Buffer.byteLength(body)));
    response.endWithoutBody();
  }
};

/** Completes a handshake; calls `open` of the route with `data` before it returns. */
export function switchOver(
  response: UwsResponse,
  { headers, key, protocol, extensions }: Completion,
  { data, native }: { readonly data: object; readonly native: unknown },
): void {
  if (writeHead(response, 101, headers)) response.upgrade(data, key, protocol, extensions, native);
  else {
    const refusal = { status: 500, headers: { connection: "close" }, body: "" };
    writeReply(response, refusal, { method: "GET", isReading: false });
  }
}
