// An HTTP request of a runtime whose requests end with their handler, and its answer, for the engine's port.

import type { BodySink, HttpReply } from "@sockeye/engine";
import { type BodyBytesPort, BodyReader } from "../body-reader.ts";
import type { Compress } from "../client-files.ts";
import { type CompressionRule, compressedReply, ServerExchange } from "../exchange.ts";
import { RecordHead } from "../request-record.ts";
import { PushedBody } from "./pushed-body.ts";
import type { TransientRequest } from "./transient-request.ts";
import { AnswerSlot, type TransientResponse, type WriteReply } from "./transient-response.ts";

/** What the exchanges of a server share. `B`: the runtime's kind of bytes. */
export interface TransientMeans<Response, B extends Uint8Array> {
  readonly bytes: BodyBytesPort<B> & {
    byteLength(text: string): number;
    /** The UTF-8 of a text. */
    encode(text: string): B;
  };
  /** A copy of a chunk. */
  copy(chunk: ArrayBuffer): B;
  readonly compress: Compress;
  readonly writeReply: WriteReply<Response>;
  /** How polling answers are compressed. */
  readonly compression: CompressionRule;
  /** The largest body in bytes. */
  readonly limit: number;
  /** Rethrows an error as uncaught, outside the current stack. */
  surface(error: unknown): void;
}

/** A request that can be answered. */
export class TransientExchange<
  Response extends TransientResponse,
  B extends Uint8Array,
> extends ServerExchange {
  readonly #source: TransientRequest;
  readonly #slot: AnswerSlot<Response>;
  readonly #means: TransientMeans<Response, B>;
  /** `null`: nobody listens for the body yet. */
  #body: PushedBody<B> | null = null;

  constructor(source: TransientRequest, response: Response, means: TransientMeans<Response, B>) {
    super(new RecordHead(source), means.compression);
    this.#source = source;
    this.#slot = new AnswerSlot(response);
    this.#means = means;
  }

  /** The handler returns: from now on the request cannot be asked, and the client may go. */
  release(): void {
    const isAnswered = this.#slot.response === null;
    this.#source.release(isAnswered);
    if (isAnswered) return;
    // The body arrives now or never.
    if (this.#source.method === "POST") this.#listen();
    this.#slot.release(() => {
      this.aborted();
      this.#body?.abort();
    });
  }

  readBody(limit: number, sink: BodySink): void {
    const reader = new BodyReader(this, this.#means.bytes, { limit, sink });
    if (!reader.isOver) this.#listen().readBy(reader);
  }

  protected override sizeOf(body: HttpReply["body"]): number {
    return typeof body === "string" ? this.#means.bytes.byteLength(body) : body.length;
  }

  protected override write(reply: HttpReply, encoding: "gzip" | "deflate" | null): void {
    if (encoding === null) {
      this.#write(reply);
      return;
    }
    const { bytes, compress, surface } = this.#means;
    compressedReply(reply, encoding, { compress, encode: bytes.encode })
      .then((whole) => this.#write(whole))
      .catch(surface);
  }

  protected override destroy(): void {
    this.#slot.write((response) => response.close());
  }

  #write(reply: Omit<HttpReply, "compress">): void {
    const { method } = this.head;
    const isReading = method === "POST" && this.#body?.isComplete !== true;
    this.#slot.write((response) => this.#means.writeReply(response, reply, { method, isReading }));
  }

  /** Listens for the body. */
  #listen(): PushedBody<B> {
    if (this.#body !== null) return this.#body;
    const body = new PushedBody<B>(this.#means.limit);
    this.#body = body;
    this.#slot.response?.onData((chunk, isLast) => {
      // The answer may have been given: the rest is discarded.
      if (this.#slot.response === null && !body.isRead) return;
      try {
        this.#slot.corked(() => body.push(this.#means.copy(chunk), isLast));
      } catch (error) {
        this.#means.surface(error);
      }
    });
    return body;
  }
}
