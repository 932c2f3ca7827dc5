// Adapts one HTTP request of Node to the engine's port.

import type { IncomingMessage, ServerResponse } from "node:http";
import type { BodySink, HttpReply } from "@sockeye/engine";
import { BodyReader, ServerExchange } from "@sockeye/server";
import { nodeBytes } from "./bytes.ts";
import { sendCompressed } from "./compression.ts";
import type { NodeHostOptions } from "./options.ts";
import { NodeRequestHead } from "./request-head.ts";
import { endWithText } from "./whole-answer.ts";

/** A request that can be answered. */
export class NodeExchange extends ServerExchange {
  declare readonly head: NodeRequestHead;
  #response: ServerResponse | null;
  readonly #options: Pick<NodeHostOptions, "httpCompression">;
  #isWatched = false;

  constructor(
    request: IncomingMessage,
    response: ServerResponse,
    options: Pick<NodeHostOptions, "httpCompression" | "keepRequest">,
  ) {
    super(new NodeRequestHead(request, options.keepRequest), options.httpCompression);
    this.#response = response;
    this.#options = options;
    // HTTP/2 responses do not report afterwards whether they were closed.
    if (request.httpVersionMajor > 1) this.watch();
  }

  override get response(): ServerResponse {
    return this.#response as ServerResponse;
  }

  readBody(limit: number, sink: BodySink): void {
    const body = new BodyReader(this, nodeBytes, { limit, sink });
    if (body.isOver) return;
    const { request } = this.head;
    request.on("data", (chunk: Buffer) => body.add(chunk));
    request.on("end", () => body.end());
    request.on("close", () => body.abort());
    // A reset in the middle of the body is followed by "close".
    request.on("error", () => {});
  }

  protected override isGone(): boolean {
    return this.#response?.destroyed === true;
  }

  protected override watch(): void {
    const response = this.#response;
    if (this.#isWatched || response === null) return;
    this.#isWatched = true;
    response.on("close", () => this.aborted());
  }

  protected override sizeOf(body: HttpReply["body"]): number {
    return Buffer.byteLength(body);
  }

  protected override destroy(): void {
    this.head.request.destroy();
  }

  protected override write(
    { body, headers, status }: HttpReply,
    encoding: "gzip" | "deflate" | null,
  ): void {
    const response = this.#response;
    if (response === null) return;
    this.#response = null;
    // HTTP/2 has no such header, and Node warns of it.
    if (headers["connection"] !== undefined && response.req.httpVersionMajor > 1) {
      delete headers["connection"];
    }
    const { httpCompression } = this.#options;
    if (encoding !== null && httpCompression !== false) {
      response.writeHead(status, { ...headers, "content-encoding": encoding });
      sendCompressed(response, Buffer.from(body), { encoding, options: httpCompression });
      return;
    }
    const length = Buffer.byteLength(body);
    // Neither a compressed file nor the answer that one is known gets a length.
    if (status !== 304 && headers["content-encoding"] === undefined)
      headers["content-length"] = String(length);
    response.writeHead(status, headers);
    if (typeof body === "string" && length === body.length) endWithText(response, body);
    else response.end(body);
  }
}
