// The response that middleware gets where the runtime has none of Node's kind: it collects headers, and answers when it
// is ended. Has what the packages `cors`, `helmet` and `express-session` use of a response.

import type { ReplyHeaders } from "@sockeye/engine";

/** What the server itself uses of a response that middleware gets. */
export interface MiddlewareResponse {
  statusCode: number;
  readonly headersSent: boolean;
  readonly writableEnded: boolean;
  getHeader(name: string): unknown;
  setHeader(name: string, value: string): unknown;
  end(): unknown;
  /** Ends the network connection. */
  destroy(): unknown;
}

/** A response as data. */
export interface CollectedReply {
  readonly status: number;
  readonly headers: ReplyHeaders;
  readonly body: string | Uint8Array;
}

type HeaderValue = string | number | readonly string[];

function textOf(value: HeaderValue): string | string[] {
  return typeof value === "object" ? value.map(String) : String(value);
}

/** Both headers; those of `own` win, but for cookies, of which both are sent. */
export function mergedHeaders(collected: ReplyHeaders, own: ReplyHeaders): ReplyHeaders {
  const headers = { ...collected };
  for (const [name, value] of Object.entries(own)) {
    const before = Object.keys(headers).find((each) => each.toLowerCase() === name.toLowerCase());
    if (before === undefined) headers[name] = value;
    else if (name.toLowerCase() === "set-cookie")
      headers[before] = [headers[before] ?? [], value].flat();
    else headers[before] = value;
  }
  return headers;
}

/** A response without a connection. */
export class CollectedResponse implements MiddlewareResponse {
  statusCode = 200;
  readonly #onEnd: (reply: CollectedReply) => void;
  /** Names as they were given, and values, by names in lower case. */
  readonly #headers = new Map<
    string,
    { readonly name: string; readonly value: string | string[] }
  >();
  #body = "";
  #isSent = false;
  #isFinished = false;

  /** `onEnd` is called when middleware ends the response. */
  constructor(onEnd: (reply: CollectedReply) => void) {
    this.#onEnd = onEnd;
  }

  get headersSent(): boolean {
    return this.#isSent;
  }

  get writableEnded(): boolean {
    return this.#isFinished;
  }

  getHeader(name: string): string | string[] | undefined {
    return this.#headers.get(name.toLowerCase())?.value;
  }

  setHeader(name: string, value: HeaderValue): this {
    this.#headers.set(name.toLowerCase(), { name, value: textOf(value) });
    return this;
  }

  appendHeader(name: string, value: HeaderValue): this {
    return this.setHeader(name, [this.getHeader(name) ?? [], textOf(value)].flat());
  }

  hasHeader(name: string): boolean {
    return this.#headers.has(name.toLowerCase());
  }

  removeHeader(name: string): void {
    this.#headers.delete(name.toLowerCase());
  }

  /** The headers by names in lower case. */
  getHeaders(): ReplyHeaders {
    return Object.fromEntries([...this.#headers].map(([key, { value }]) => [key, value]));
  }

  writeHead(status: number, headers: Readonly<Record<string, HeaderValue>> = {}): this {
    this.statusCode = status;
    for (const [name, value] of Object.entries(headers)) this.setHeader(name, value);
    return this;
  }

  write(chunk: string): boolean {
    this.#isSent = true;
    this.#body += chunk;
    return true;
  }

  end(body: string | Uint8Array = ""): this {
    if (this.#isFinished) return this;
    const status = this.statusCode;
    const headers = this.finish(status);
    this.#onEnd({ status, headers, body: typeof body === "string" ? this.#body + body : body });
    return this;
  }

  /** Ends without a body. */
  destroy(): this {
    return this.writeHead(500).end();
  }

  /** The headers for a response that is written now. Middleware that waits for `writeHead`, as `express-session`, runs. */
  finish(status: number): ReplyHeaders {
    if (!this.#isFinished) {
      this.#isFinished = true;
      this.writeHead(status);
      this.#isSent = true;
    }
    return Object.fromEntries([...this.#headers.values()].map(({ name, value }) => [name, value]));
  }
}
