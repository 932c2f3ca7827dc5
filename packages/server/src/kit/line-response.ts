// Writes a response whose runtime takes the status, then headers one by one, then the body, and checks none of them.

import type { ReplyHeaders } from "@sockeye/engine";
import { headerLines } from "../web-exchange.ts";
import type { TransientResponse, WriteReply } from "./transient-response.ts";

/** What such a response has. */
export interface LineResponse extends TransientResponse {
  /** Called before the headers; otherwise the status is 200, or 101 where a handshake is completed. */
  writeStatus(status: string): unknown;
  writeHeader(name: string, value: string): unknown;
  end(body?: string | Uint8Array, closesConnection?: boolean): unknown;
  endWithoutBody(): unknown;
}

/** What the runtime knows of HTTP. */
export interface LineRules {
  /** The phrases of status codes. */
  readonly phrases: Readonly<Record<number, string | undefined>>;
  /** @throws when a header is invalid, such as one with a line break, which the runtime would write as it is */
  check(name: string, value: string): void;
  byteLength(text: string): number;
  /** Rethrows an error as uncaught, outside the current stack. */
  surface(error: unknown): void;
}

/** What such a runtime writes by itself. */
const OWN = /^(connection|content-length)$/i;
const NOT_FOUND = { status: 404, headers: {}, body: "" };
const FAILURE = { status: 500, headers: {}, body: "" };

/** Writes the responses of a runtime. */
export class LineWriter<Response extends LineResponse> {
  readonly #rules: LineRules;

  constructor(rules: LineRules) {
    this.#rules = rules;
  }

  /** Writes a complete response; a bare 500 in place of one whose headers are invalid. */
  readonly writeReply: WriteReply<Response> = (response, reply, manner) => {
    const { status, headers, body } = reply;
    const { method, isReading } = manner;
    if (!this.#writeHead(response, status, headers)) {
      this.writeReply(response, FAILURE, manner);
      return;
    }
    const isBare = status === 204 || status === 304 || method === "HEAD";
    const isLast = headers["connection"] === "close";
    const isClosing = isLast && !isReading && !isBare;
    if (isLast && !isClosing) response.writeHeader("connection", "close");
    if (!isBare) {
      response.end(body, isClosing);
      return;
    }
    if (method === "HEAD") {
      const length = typeof body === "string" ? this.#rules.byteLength(body) : body.length;
      response.writeHeader("content-length", String(length));
    }
    response.endWithoutBody();
  };

  /** Answers whatever it is by a 404. */
  readonly notFound = (response: Response): void => {
    this.writeReply(response, NOT_FOUND, { method: "GET", isReading: false });
  };

  /** Writes the headers of a 101, and has `complete` do the rest; a 500 when they are invalid. */
  switchOver(response: Response, headers: ReplyHeaders, complete: () => void): void {
    if (this.#writeHead(response, 101, headers)) complete();
    else {
      const refusal = { ...FAILURE, headers: { connection: "close" } };
      this.writeReply(response, refusal, { method: "GET", isReading: false });
    }
  }

  /** Writes status and headers; `false`, and nothing is written: one is invalid, which is reported as uncaught. */
  #writeHead(response: Response, status: number, headers: ReplyHeaders): boolean {
    const lines = headerLines(headers);
    try {
      for (const [name, value] of lines) this.#rules.check(name, value);
    } catch (error) {
      this.#rules.surface(error);
      return false;
    }
    const isDefault = status === 200 || (status === 101 && lines.length === 0);
    if (!isDefault) response.writeStatus(`${status} ${this.#rules.phrases[status] ?? ""}`);
    for (const [name, value] of lines) {
      if (!OWN.test(name)) response.writeHeader(name, value);
    }
    return true;
  }
}
