// One HTTP request of Node as the engine wants it.

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
import { acceptedEncoding, type CompressionOptions, sendCompressed } from "./compression.ts";

// Socket.IO's guides tell middleware to read `request._query`. Parsed when somebody does.
const QUERY: PropertyDescriptor & ThisType<IncomingMessage> = {
  configurable: true,
  get() {
    const value = parseQuery(this.url ?? "");
    Object.defineProperty(this, "_query", { configurable: true, writable: true, value });
    return value;
  },
};

/** What is known of a request before its body. */
export class NodeRequestHead implements RequestHead {
  readonly native: IncomingMessage;
  readonly remoteAddress: string;

  constructor(request: IncomingMessage) {
    this.native = request;
    // Read at once: the address is gone when the network connection is.
    this.remoteAddress = request.socket.remoteAddress ?? "";
    if (!("_query" in request)) Object.defineProperty(request, "_query", QUERY);
  }

  get method(): string {
    return this.native.method ?? "GET";
  }

  get url(): string {
    return this.native.url ?? "/";
  }

  get headers(): RequestHeaders {
    return this.native.headers;
  }

  get secure(): boolean {
    return (this.native.socket as Partial<TLSSocket>).encrypted === true;
  }
}

/** A request that can be answered. */
export class NodeExchange extends NodeRequestHead implements HttpExchange {
  onAbort: (() => void) | null = null;
  readonly #response: ServerResponse;
  readonly #compression: CompressionOptions | false;
  #phase: "open" | "replied" | "aborted" = "open";

  constructor(
    request: IncomingMessage,
    response: ServerResponse,
    compression: CompressionOptions | false,
  ) {
    super(request);
    this.#response = response;
    this.#compression = compression;
    response.on("close", () => {
      if (this.#phase !== "open") return;
      this.#phase = "aborted";
      this.onAbort?.();
    });
  }

  get isAborted(): boolean {
    return this.#phase === "aborted";
  }

  readBody(limit: number, sink: BodySink): void {
    const request = this.native;
    if (Number(request.headers["content-length"] ?? 0) > limit) {
      sink.onTooLarge();
      return;
    }
    const chunks: Buffer[] = [];
    let length = 0;
    let isOver = false;
    request.on("data", (chunk: Buffer) => {
      if (isOver) return;
      length += chunk.length;
      if (length > limit) {
        isOver = true;
        chunks.length = 0;
        sink.onTooLarge();
      } else chunks.push(chunk);
    });
    request.on("end", () => {
      if (isOver) return;
      isOver = true;
      const [first] = chunks;
      const body = first?.length === length ? first : Buffer.concat(chunks, length);
      const isBinary = request.headers["content-type"] === "application/octet-stream";
      sink.onBody(isBinary ? body : body.toString("utf8"));
    });
    request.on("close", () => {
      if (isOver) return;
      isOver = true;
      sink.onAborted();
    });
    // A reset in the middle of the body is followed by "close".
    request.on("error", () => {});
  }

  reply(reply: HttpReply): void {
    if (this.#phase !== "open") return;
    this.#phase = "replied";
    const response = this.#response;
    const { body, headers } = reply;
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
    // Text stays text: Node then writes it together with the header.
    response.end(body);
  }
}
