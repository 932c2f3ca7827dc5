// One HTTP request of uWebSockets.js and its answer, for the engine's port.

import type { BodySink, HttpReply } from "@sockeye/engine";
import { compressBytes, nodeBytes, surface } from "@sockeye/node/kit";
import { BodyReader, type CompressionRule, RecordHead, ServerExchange } from "@sockeye/server";
import type { UwsRequestSource } from "./request.ts";
import { AnswerSlot, writeReply } from "./response.ts";
import type { UwsResponse } from "./uws.ts";

/** A request that can be answered. */
export class UwsExchange extends ServerExchange {
  readonly #source: UwsRequestSource;
  readonly #slot: AnswerSlot;
  #body: BodyReader<Buffer> | null = null;
  /** What has arrived before somebody reads the body. */
  #early: Buffer[] = [];
  #earlyBytes = 0;
  /** `unread`: nobody listens for the body yet. */
  #reading: "unread" | "reading" | "complete" = "unread";
  readonly #limit: number;

  /** `limit`: the largest body in bytes. */
  constructor(
    source: UwsRequestSource,
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
    if (this.#source.method === "POST") this.#read();
    this.#slot.release(() => {
      this.aborted();
      this.#body?.abort();
    });
  }

  readBody(limit: number, sink: BodySink): void {
    const body = new BodyReader(this, nodeBytes, { limit, sink });
    if (body.isOver) return;
    this.#body = body;
    for (const chunk of this.#early) body.add(chunk);
    this.#early = [];
    if (this.#reading === "complete") body.end();
    else this.#read();
  }

  protected override sizeOf(body: HttpReply["body"]): number {
    return Buffer.byteLength(body);
  }

  protected override write(reply: HttpReply, encoding: "gzip" | "deflate" | null): void {
    if (encoding === null) {
      this.#write(reply);
      return;
    }
    const headers = { ...reply.headers, "content-encoding": encoding };
    compressBytes(Buffer.from(reply.body as string), encoding)
      .then((body) => this.#write({ ...reply, headers, body }))
      .catch(surface);
  }

  protected override destroy(): void {
    this.#slot.write((response) => response.close());
  }

  #write(reply: HttpReply): void {
    const { method } = this.head;
    const isReading = method === "POST" && this.#reading !== "complete";
    this.#slot.write((response) => {
      try {
        writeReply(response, reply, { method, isReading });
      } catch (error) {
        surface(error);
        writeReply(response, { status: 500, headers: {}, body: "" }, { method, isReading });
      }
    });
  }

  /** Listens for the body. */
  #read(): void {
    if (this.#reading !== "unread") return;
    this.#reading = "reading";
    this.#slot.response?.onData((chunk, isLast) => {
      // The answer may have been given: the rest is discarded.
      if (this.#slot.response === null && this.#body?.isOver !== false) return;
      if (isLast) this.#reading = "complete";
      this.#slot.corked(() => {
        try {
          this.#onChunk(Buffer.from(chunk), isLast);
        } catch (error) {
          surface(error);
        }
      });
    });
  }

  #onChunk(chunk: Buffer, isLast: boolean): void {
    const body = this.#body;
    if (body === null) {
      // One chunk above the limit shows the reader that there is too much.
      if (this.#earlyBytes <= this.#limit) this.#early.push(Buffer.from(chunk));
      this.#earlyBytes += chunk.length;
      return;
    }
    // The bytes are gone after this call.
    body.add(Buffer.from(chunk));
    if (isLast) body.end();
  }
}
