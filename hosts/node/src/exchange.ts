// Adapts one HTTP request of Node to the engine's port.

import type { IncomingMessage, ServerResponse } from "node:http";
import type { TLSSocket } from "node:tls";
import {
  type BodySink,
  type HttpExchange,
  type HttpReply,
  parseQuery,
  type RequestHead,
  type RequestHeaders,
} from "@sockeye/engine";
import { CompactRequest, isUntouched } from "./compact-request.ts";
import { acceptedEncoding, type CompressionOptions, sendCompressed } from "./compression.ts";
import type { NodeOptions } from "./options.ts";
import { RequestBody } from "./request-body.ts";
import { endWithText } from "./whole-answer.ts";

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

  get method(): string {
    return this.#request.method ?? "GET";
  }

  get url(): string {
    return this.#request.url ?? "/";
  }

  get headers(): RequestHeaders {
    return this.#request.headers;
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

/** A request that can be answered. */
export class NodeExchange extends NodeRequestHead implements HttpExchange {
  #response: ServerResponse | null;
  readonly #compression: CompressionOptions | false;
  #phase: "open" | "replied" | "aborted" = "open";
  #onAbort: (() => void) | null = null;
  #isWatched = false;

  constructor(
    request: IncomingMessage,
    response: ServerResponse,
    options: Pick<NodeOptions, "httpCompression" | "keepRequest">,
  ) {
    super(request, options.keepRequest);
    this.#response = response;
    this.#compression = options.httpCompression;
    // HTTP/2 responses do not report afterwards whether they were closed.
    if (request.httpVersionMajor > 1) this.#watch(response);
  }

  get isAborted(): boolean {
    if (this.#phase === "open" && this.#response?.destroyed === true) this.#phase = "aborted";
    return this.#phase === "aborted";
  }

  get onAbort(): (() => void) | null {
    return this.#onAbort;
  }

  /** Most requests are answered immediately, and need no close listener. */
  set onAbort(callback: (() => void) | null) {
    this.#onAbort = callback;
    if (callback !== null && this.#response !== null) this.#watch(this.#response);
  }

  readBody(limit: number, sink: BodySink): void {
    const { request } = this;
    if (Number(request.headers["content-length"] ?? 0) > limit) {
      sink.onTooLarge();
      return;
    }
    const body = new RequestBody(limit);
    let isOver = false;
    request.on("data", (chunk: Buffer) => {
      if (isOver || body.add(chunk)) return;
      isOver = true;
      sink.onTooLarge();
    });
    request.on("end", () => {
      if (isOver) return;
      isOver = true;
      const { bytes } = body;
      const isBinary = request.headers["content-type"] === "application/octet-stream";
      this.#handOn(sink, isBinary ? bytes : bytes.toString("utf8"));
    });
    request.on("close", () => {
      if (isOver) return;
      isOver = true;
      sink.onAborted();
    });
    // A reset in the middle of the body is followed by "close".
    request.on("error", () => {});
  }

  /** An error thrown here is not caused by the client's body: the request is answered, and the error is uncaught. */
  #handOn(sink: BodySink, body: string | Buffer): void {
    try {
      sink.onBody(body);
    } catch (error) {
      this.reply({ status: 500, headers: {}, body: "", compress: false });
      throw error;
    }
  }

  #watch(response: ServerResponse): void {
    if (this.#isWatched) return;
    this.#isWatched = true;
    response.on("close", () => {
      if (this.#phase !== "open") return;
      this.#phase = "aborted";
      this.#onAbort?.();
    });
  }

  cut(): void {
    if (this.#phase !== "open") return;
    this.#phase = "replied";
    this.request.destroy();
  }

  reply(reply: HttpReply): void {
    const response = this.#response;
    if (this.isAborted || this.#phase !== "open" || response === null) return;
    this.#phase = "replied";
    this.#response = null;
    const { body, headers } = reply;
    // HTTP/2 has no such header, and Node warns of it.
    if (headers.connection !== undefined && response.req.httpVersionMajor > 1) {
      delete headers.connection;
    }
    const length = Buffer.byteLength(body);
    const compression = this.#compression;
    if (reply.compress && compression !== false && length >= (compression.threshold ?? 0)) {
      const encoding = acceptedEncoding(this.headers["accept-encoding"], ["gzip", "deflate"]);
      if (encoding !== null) {
        response.writeHead(reply.status, { ...headers, "content-encoding": encoding });
        sendCompressed(response, Buffer.from(body), { encoding, options: compression });
        return;
      }
    }
    headers["content-length"] = String(length);
    response.writeHead(reply.status, headers);
    if (typeof body === "string" && length === body.length) endWithText(response, body);
    else response.end(body);
  }
}
