// One HTTP request of Deno and its answer, for the engine's port.

import { Buffer } from "node:buffer";
import type { BodySink, HttpReply } from "@sockeye/engine";
import {
  type BodyBytesPort,
  BodyReader,
  type CompressionRule,
  RecordHead,
  ServerExchange,
} from "@sockeye/server";
import type { DenoRequestSource } from "./request.ts";
import { compressBytes, responseOf } from "./response.ts";
import { surface } from "./runtime.ts";

const bytesPort: BodyBytesPort<Buffer> = {
  allocate: (size) => Buffer.allocUnsafe(size),
  utf8: (bytes, from, to) => bytes.toString("utf8", from, to),
};

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A request that can be answered. */
export class DenoExchange extends ServerExchange {
  readonly #raw: Request;
  #response: Response | null = null;
  #resolve: ((response: Response) => void) | null = null;
  #isWatched = false;
  readonly #onGone = (): void => {
    this.aborted();
    this.#respond(new Response(null));
  };

  constructor(source: DenoRequestSource, compression: CompressionRule) {
    super(new RecordHead(source), compression);
    this.#raw = source.raw;
  }

  /** What `fetch` returns: the response where there is one by now. */
  answer(): Response | Promise<Response> {
    return (
      this.#response ??
      new Promise((resolve) => {
        this.#resolve = resolve;
      })
    );
  }

  readBody(limit: number, sink: BodySink): void {
    const body = new BodyReader(this, bytesPort, { limit, sink });
    // Deno discards the rest when the request is answered.
    if (body.isOver) return;
    const isWhole = this.#raw.headers.has("content-length");
    const read = isWhole ? this.#readWhole(body) : this.#readParts(body);
    // What the body has caused is the engine's fault.
    read.catch(surface);
  }

  protected override watch(): void {
    if (this.#isWatched) return;
    this.#isWatched = true;
    // Removed before the answer: Deno aborts the signal then too, and warns of whoever listens.
    this.#raw.signal.addEventListener("abort", this.#onGone);
  }

  protected override sizeOf(body: HttpReply["body"]): number {
    return Buffer.byteLength(body);
  }

  protected override write(reply: HttpReply, encoding: "gzip" | "deflate" | null): void {
    if (encoding === null) {
      this.#respond(responseOf(reply));
      return;
    }
    const headers = { ...reply.headers, "content-encoding": encoding };
    void compressBytes(Buffer.from(reply.body as string), encoding)
      .then((body) => this.#respond(responseOf({ status: reply.status, headers, body })))
      .catch(surface);
  }

  /** Deno cannot end a connection without a response. */
  protected override destroy(): void {
    this.#respond(new Response(null, { status: 400, headers: { connection: "close" } }));
  }

  #respond(response: Response): void {
    if (this.#response !== null) return;
    this.#response = response;
    if (this.#isWatched) this.#raw.signal.removeEventListener("abort", this.#onGone);
    this.#resolve?.(response);
  }

  /** A body of known length, which is within the limit. */
  async #readWhole(body: BodyReader<Buffer>): Promise<void> {
    let bytes: Uint8Array;
    try {
      bytes = new Uint8Array(await this.#raw.arrayBuffer());
    } catch {
      body.abort();
      return;
    }
    body.add(bufferOf(bytes));
    body.end();
  }

  async #readParts(body: BodyReader<Buffer>): Promise<void> {
    try {
      for await (const chunk of this.#raw.body ?? []) {
        body.add(bufferOf(chunk as Uint8Array));
        if (body.isOver) return;
      }
    } catch {
      body.abort();
      return;
    }
    body.end();
  }
}
