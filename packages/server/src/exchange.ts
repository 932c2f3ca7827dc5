// One HTTP request and the way to answer it, as far as no runtime is needed: the phases of an exchange, and whether an
// answer is compressed. A host extends it with reading and writing.

import type { BodySink, HttpExchange, HttpReply, RequestHead } from "@sockeye/engine";
import type { Compress } from "./client-files.ts";
import { CollectedResponse, type MiddlewareResponse, mergedHeaders } from "./collected-response.ts";
import { acceptedEncoding, type Encoding } from "./negotiation.ts";

/**
 * The headers that are read of a request that belongs to a session, where there is no middleware: all that a host must be
 * able to look up for it.
 */
export const SESSION_HEADERS: readonly string[] = [
  ...["accept-encoding", "content-length", "content-type", "origin", "user-agent"],
];

/** How polling answers are compressed: from how many bytes on; `false`: they are not. */
export type CompressionRule = { readonly threshold?: number } | false;

/** A reply with its body compressed, and a header that says so. `encode`: the UTF-8 of a text. */
export async function compressedReply(
  { status, headers, body }: HttpReply,
  encoding: "gzip" | "deflate",
  { compress, encode }: { readonly compress: Compress; encode(text: string): Uint8Array },
): Promise<Omit<HttpReply, "compress">> {
  const bytes = await compress(typeof body === "string" ? encode(body) : body, encoding);
  return { status, headers: { ...headers, "content-encoding": encoding }, body: bytes };
}

/** An HTTP request of a host. */
export abstract class ServerExchange implements HttpExchange {
  readonly head: RequestHead;
  readonly #compression: CompressionRule;
  #phase: "open" | "replied" | "aborted" = "open";
  #onAbort: (() => void) | null = null;
  #collected: CollectedResponse | null = null;

  constructor(head: RequestHead, compression: CompressionRule) {
    this.head = head;
    this.#compression = compression;
  }

  abstract readBody(limit: number, sink: BodySink): void;
  /**
   * Writes the response. An answer with the header `connection: close` is the last of its network connection, which the
   * host closes after the client could read it. `encoding`: the host compresses the body, and says so in the headers.
   */
  protected abstract write(reply: HttpReply, encoding: "gzip" | "deflate" | null): void;
  /** Ends the network connection, or the stream, without a response. */
  protected abstract destroy(): void;

  /** The bytes of a body. Counted for compression only. */
  protected sizeOf(body: HttpReply["body"]): number {
    return body.length;
  }

  /** Whether the client has disconnected; for runtimes that answer this without a listener. */
  protected isGone(): boolean {
    return false;
  }

  /** Somebody waits for `aborted`: the host listens for the client's end from now on, if it does not yet. */
  protected watch(): void {}

  /** The response that middleware gets. Hosts whose runtime has one replace this. */
  get response(): MiddlewareResponse {
    // Its headers are added by `reply`.
    this.#collected ??= new CollectedResponse(({ status, body }) =>
      this.reply({ status, headers: {}, body, compress: false }),
    );
    return this.#collected;
  }

  get isAborted(): boolean {
    if (this.#phase === "open" && this.isGone()) this.#phase = "aborted";
    return this.#phase === "aborted";
  }

  /** Whether it was answered. */
  get isReplied(): boolean {
    return this.#phase === "replied";
  }

  get onAbort(): (() => void) | null {
    return this.#onAbort;
  }

  /** Most requests are answered immediately, and need no listener. */
  set onAbort(callback: (() => void) | null) {
    this.#onAbort = callback;
    if (callback !== null && this.#phase === "open") this.watch();
  }

  /** The host reports that the client has disconnected. Harmless after an answer. */
  aborted(): void {
    if (this.#phase !== "open") return;
    this.#phase = "aborted";
    this.#onAbort?.();
  }

  cut(): void {
    if (this.#phase !== "open") return;
    this.#phase = "replied";
    this.destroy();
  }

  reply(reply: HttpReply): void {
    if (this.isAborted || this.#phase !== "open") return;
    this.#phase = "replied";
    const collected = this.#collected;
    const whole =
      collected === null
        ? reply
        : { ...reply, headers: mergedHeaders(collected.finish(reply.status), reply.headers) };
    this.write(whole, this.#encodingOf(reply));
  }

  #encodingOf({ body, compress }: HttpReply): Exclude<Encoding, "br"> | null {
    const compression = this.#compression;
    if (!compress || compression === false) return null;
    // UTF-8 has at least one byte for each character of the text, and at most three.
    const { threshold = 0 } = compression;
    if (3 * body.length < threshold || this.sizeOf(body) < threshold) return null;
    return acceptedEncoding(this.head.header("accept-encoding"), ["gzip", "deflate"]);
  }
}
