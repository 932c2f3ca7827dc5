// Responses of the server over those of uWebSockets.js, none of which may be touched once it has ended or was aborted.

import { STATUS_CODES, validateHeaderName, validateHeaderValue } from "node:http";
import type { HttpReply, ReplyHeaders } from "@sockeye/engine";
import { services } from "@sockeye/node/kit";
import { headerLines } from "@sockeye/server";
import type { UwsResponse } from "./uws.ts";

/** How a response is written. */
export interface Manner {
  /** The method of the request: a response to HEAD has no body. */
  readonly method: string;
  /** Whether the client is still sending: then it is the client that closes, because it would not read the response. */
  readonly isReading: boolean;
}

/** The start of the response, which uWebSockets.js writes with the headers. */
export function statusLine(status: number): string {
  return `${status} ${STATUS_CODES[status] ?? ""}`;
}

/** The lines of headers; `null`: one has a line break or another invalid character, which is reported as uncaught. */
export function checkedLines(headers: ReplyHeaders): [name: string, value: string][] | null {
  const lines = headerLines(headers);
  try {
    for (const [name, value] of lines) {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    }
    return lines;
  } catch (error) {
    services.surface(error);
    return null;
  }
}

/** Writes headers, but for those that uWebSockets.js writes by itself. */
export function writeLines(response: UwsResponse, lines: readonly [string, string][]): void {
  for (const [name, value] of lines) {
    if (!/^(connection|content-length)$/i.test(name)) response.writeHeader(name, value);
  }
}

/** Writes a complete response; a bare 500 in place of one whose headers are invalid. */
export function writeReply(
  response: UwsResponse,
  { status, headers, body }: Omit<HttpReply, "compress">,
  manner: Manner,
): void {
  const { method, isReading } = manner;
  const lines = checkedLines(headers);
  if (lines === null) {
    writeReply(response, { status: 500, headers: {}, body: "" }, manner);
    return;
  }
  if (status !== 200) response.writeStatus(statusLine(status));
  writeLines(response, lines);
  const isBare = status === 204 || status === 304 || method === "HEAD";
  const isLast = headers["connection"] === "close";
  const isClosing = isLast && !isReading && !isBare;
  if (isLast && !isClosing) response.writeHeader("connection", "close");
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
