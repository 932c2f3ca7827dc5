// One HTTP request of uWebSockets.js and its answer, for the engine's port.

import type { BodySink, HttpReply } from "@sockeye/engine";
import { compressBytes, nodeBytes, services } from "@sockeye/node/kit";
import {
  BodyReader,
  type BriefRequest,
  type CompressionRule,
  compressedReply,
  PushedBody,
  RecordHead,
  ServerExchange,
} from "@sockeye/server";
import { AnswerSlot, writeReply } from "./response.ts";
import { guarded } from "./runtime.ts";
import type { UwsResponse } from "./uws.ts";

const means = { compress: compressBytes, encode: nodeBytes.encode };

/** A request that can be answered. */
export class UwsExchange extends ServerExchange {
  readonly #source: BriefRequest;
  readonly #slot: AnswerSlot;
  /** `null`: nobody listens for the body yet. */
  #body: PushedBody<Buffer> | null = null;
  readonly #limit: number;

  /** `limit`: the largest body in bytes. */
  constructor(
    source: BriefRequest,
    response: UwsResponse,
    { limit, compression }: { readonly limit: number; readonly compression: CompressionRule },
  ) {
    super(new RecordHead(source), compression);
    this.#source = source;
    this.#slot = new AnswerSlot(response);
    this.#limit = limit;
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
    const reader = new BodyReader(this, nodeBytes, { limit, sink });
    if (!reader.isOver) this.#listen().readBy(reader);
  }

  protected override sizeOf(body: HttpReply["body"]): number {
    return Buffer.byteLength(body);
  }

  protected override write(reply: HttpReply, encoding: "gzip" | "deflate" | null): void {
    if (encoding === null) this.#write(reply);
    else {
      compressedReply(reply, encoding, means)
        .then((whole) => this.#write(whole))
        .catch(services.surface);
    }
  }

  protected override destroy(): void {
    this.#slot.write((response) => response.close());
  }

  #write(reply: Omit<HttpReply, "compress">): void {
    const { method } = this.head;
    const isReading = method === "POST" && this.#body?.isComplete !== true;
    this.#slot.write((response) => writeReply(response, reply, { method, isReading }));
  }

  /** Listens for the body. */
  #listen(): PushedBody<Buffer> {
    if (this.#body !== null) return this.#body;
    const body = new PushedBody<Buffer>(this.#limit);
    this.#body = body;
    this.#slot.response?.onData((chunk, isLast) => {
      // The answer may have been given: the rest is discarded.
      if (this.#slot.response === null && !body.isRead) return;
      // The bytes are gone after this call.
      this.#slot.corked(() => guarded(() => body.push(Buffer.from(Buffer.from(chunk)), isLast)));
    });
    return body;
  }
}
