// The head of a request of Node, for the engine: Node's object, or a smaller record of it.

import type { IncomingMessage } from "node:http";
import type { TLSSocket } from "node:tls";
import { parseQuery, type RequestHead, type RequestHeaders } from "@sockeye/engine";
import { CompactRequest, isUntouched } from "./compact-request.ts";

// Socket.IO's guides use `request._query` in middleware. Parsed on access.
const QUERY: PropertyDescriptor & ThisType<IncomingMessage> = {
  configurable: true,
  get() {
    const value = parseQuery(this.url ?? "");
    Object.defineProperty(this, "_query", { configurable: true, writable: true, value });
    return value;
  },
};

/** A request without its body. */
export class NodeRequestHead implements RequestHead {
  readonly remoteAddress: string;
  readonly secure: boolean;
  readonly #isKept: boolean;
  #request: IncomingMessage | CompactRequest;
  #isExposed = false;

  /** `isKept`: whether Node's object is always kept as long as the connection. */
  constructor(request: IncomingMessage, isKept = false) {
    this.#request = request;
    this.#isKept = isKept;
    // Read immediately: they are unavailable after the network connection, or the HTTP/2 stream, has closed.
    this.remoteAddress = request.socket.remoteAddress ?? "";
    this.secure = (request.socket as Partial<TLSSocket>).encrypted === true;
  }

  get native(): IncomingMessage {
    this.#isExposed = true;
    const request = this.request;
    if (!("_query" in request)) Object.defineProperty(request, "_query", QUERY);
    return request;
  }

  /** The request, for the host's own use. */
  get request(): IncomingMessage {
    if (this.#request instanceof CompactRequest) this.#request = this.#request.revive();
    return this.#request;
  }

  get borrowed(): IncomingMessage {
    return this.request;
  }

  get method(): string {
    return this.#request.method ?? "GET";
  }

  get url(): string {
    return this.#request.url ?? "/";
  }

  get headers(): RequestHeaders {
    return this.#request.headers;
  }

  header(name: string): string | undefined {
    const value = this.#request.headers[name];
    return typeof value === "object" ? value.join(", ") : value;
  }

  get query(): Readonly<Record<string, string>> {
    // User code that received the request may have changed its query.
    if (!this.#isExposed) return parseQuery(this.url);
    return (this.request as IncomingMessage & { _query: Record<string, string> })._query;
  }

  compact(): void {
    const request = this.#request;
    if (this.#isExposed || this.#isKept || request instanceof CompactRequest) return;
    if (isUntouched(request)) this.#request = new CompactRequest(request);
  }
}
