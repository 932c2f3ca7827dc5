// Responses of the server over those of uWebSockets.js, none of which may be touched once it has ended or was aborted.

import { STATUS_CODES, validateHeaderName, validateHeaderValue } from "node:http";
import type { HttpReply, ReplyHeaders } from "@sockeye/engine";
import type { UwsResponse } from "./uws.ts";

/** How a response is written. */
export interface Manner {
  /** The method of the request: a response to HEAD has no body. */
  readonly method: string;
  /** Whether the client is still sending: then it is the client that closes, because it would not read the response. */
  readonly isReading: boolean;
}

const CLOSE = "close";

/** The start of the response, which uWebSockets.js writes with the headers. */
export function statusLine(status: number): string {
  return `${status} ${STATUS_CODES[status] ?? ""}`;
}

/**
 * Checks headers, which uWebSockets.js writes as they are.
 * @throws TypeError as Node does, when one has a line break or another invalid character
 */
export function checkHeaders(headers: ReplyHeaders): void {
  for (const name of Object.keys(headers)) {
    validateHeaderName(name);
    for (const value of [headers[name] ?? []].flat()) validateHeaderValue(name, value);
  }
}

/** Writes headers, but for those that uWebSockets.js writes by itself. */
export function writeHeaders(response: UwsResponse, headers: ReplyHeaders): void {
  for (const name of Object.keys(headers)) {
    const lower = name.toLowerCase();
    if (lower === "connection" || lower === "content-length") continue;
    const value = headers[name] ?? [];
    if (typeof value === "string") response.writeHeader(name, value);
    else for (const each of value) response.writeHeader(name, each);
  }
}

/** Writes a complete response. @throws TypeError before anything is written, when a header is invalid */
export function writeReply(
  response: UwsResponse,
  { status, headers, body }: Omit<HttpReply, "compress">,
  { method, isReading }: Manner,
): void {
  checkHeaders(headers);
  if (status !== 200) response.writeStatus(statusLine(status));
  writeHeaders(response, headers);
  const isBare = status === 204 || status === 304 || method === "HEAD";
  const isLast = headers["connection"] === CLOSE;
  const isClosing = isLast && !isReading && !isBare;
  if (isLast && !isClosing) response.writeHeader("connection", CLOSE);
  if (!isBare) response.end(body, isClosing);
  else {
    if (method === "HEAD") response.writeHeader("content-length", String(Buffer.byteLength(body)));
    response.endWithoutBody();
  }
}

/** The one answer to a request: written at once while its handler runs, corked afterwards, and not after it was aborted. */
export class AnswerSlot {
  #response: UwsResponse | null;
  #isCorked = true;

  /** Created in the handler. */
  constructor(response: UwsResponse) {
    this.#response = response;
  }

  /** The response, as long as it was neither answered nor aborted. */
  get response(): UwsResponse | null {
    return this.#response;
  }

  /** Writes the answer; nothing happens when there was one, or when the client has gone. */
  write(callback: (response: UwsResponse) => void): void {
    const response = this.#response;
    if (response === null) return;
    this.#response = null;
    if (this.#isCorked) callback(response);
    else response.cork(() => callback(response));
  }

  /** Runs a callback of uWebSockets.js for this response, whose output is corked. */
  corked(callback: () => void): void {
    this.#isCorked = true;
    callback();
    this.#isCorked = false;
  }

  /** The handler returns. `onAborted`: the client has gone before the answer. */
  release(onAborted: () => void): void {
    this.#isCorked = false;
    this.#response?.onAborted(() => {
      const wasOpen = this.#response !== null;
      this.#response = null;
      if (wasOpen) onAborted();
    });
  }
}
