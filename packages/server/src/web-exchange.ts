// A request of a runtime that speaks the web's Request and Response, as far as those runtimes are alike. Their types are
// parameters, because portable code has no declarations of a platform.

import type { BodySink, HttpReply, ReplyHeaders, RequestHead } from "@sockeye/engine";
import { type BodyBytesPort, BodyReader } from "./body-reader.ts";
import type { Compress } from "./client-files.ts";
import { type CompressionRule, compressedReply, ServerExchange } from "./exchange.ts";

/** The used part of the web's Request. */
export interface WebRequest {
  readonly headers: { has(name: string): boolean };
  arrayBuffer(): Promise<ArrayBuffer>;
  /** A stream of bytes, or `null`. */
  readonly body: unknown;
}

/** An answer as responses are made of it. */
export type WebReply = Omit<HttpReply, "compress">;

/** What a runtime brings for the bodies of requests and responses. `B`: its kind of bytes. */
export interface WebMeans<Answer, B extends Uint8Array> {
  readonly bytes: BodyBytesPort<B>;
  /** The same memory as bytes of that kind. */
  view(bytes: Uint8Array): B;
  /** The UTF-8 of a text. */
  encode(text: string): B;
  readonly compress: Compress;
  responseOf(reply: WebReply): Answer;
  /** Reports an error of the engine as uncaught. */
  surface(error: unknown): void;
}

/** A request that is answered by what its handler returns. */
export abstract class WebExchange<
  Answer extends object,
  B extends Uint8Array,
> extends ServerExchange {
  readonly #request: WebRequest;
  readonly #means: WebMeans<Answer, B>;
  #answer: Answer | null = null;
  #resolve: ((answer: Answer) => void) | null = null;

  constructor(
    { head, request }: { readonly head: RequestHead; readonly request: WebRequest },
    compression: CompressionRule,
    means: WebMeans<Answer, B>,
  ) {
    super(head, compression);
    this.#request = request;
    this.#means = means;
  }

  /** What the handler returns: the response where there is one by now. */
  answer(): Answer | Promise<Answer> {
    return (
      this.#answer ??
      new Promise((resolve) => {
        this.#resolve = resolve;
      })
    );
  }

  readBody(limit: number, sink: BodySink): void {
    const body = new BodyReader(this, this.#means.bytes, { limit, sink });
    // The runtime discards the rest when the request is answered.
    if (body.isOver) return;
    const isWhole = this.#request.headers.has("content-length");
    const read = isWhole ? this.#readWhole(body) : this.#readParts(body);
    // What the body has caused is the engine's fault.
    read.catch(this.#means.surface);
  }

  /** The client has gone: whatever is answered reaches nobody. */
  protected gone(): void {
    this.aborted();
    this.#respond({ status: 200, headers: {}, body: "" });
  }

  /** The response is about to be handed out. For what has to end before. */
  protected answered(): void {}

  protected override sizeOf(body: HttpReply["body"]): number {
    return typeof body === "string" ? this.#means.encode(body).length : body.length;
  }

  protected override write(reply: HttpReply, encoding: "gzip" | "deflate" | null): void {
    if (encoding === null) {
      this.#respond(reply);
      return;
    }
    void compressedReply(reply, encoding, this.#means)
      .then((whole) => this.#respond(whole))
      .catch(this.#means.surface);
  }

  /** These runtimes cannot end a connection without a response. */
  protected override destroy(): void {
    this.#respond({ status: 400, headers: { connection: "close" }, body: "" });
  }

  #respond(reply: WebReply): void {
    if (this.#answer !== null) return;
    this.#answer = this.#means.responseOf(reply);
    this.answered();
    this.#resolve?.(this.#answer);
  }

  /** A body of known length, which is within the limit. */
  async #readWhole(body: BodyReader<B>): Promise<void> {
    let bytes: Uint8Array;
    try {
      bytes = new Uint8Array(await this.#request.arrayBuffer());
    } catch {
      body.abort();
      return;
    }
    body.add(this.#means.view(bytes));
    body.end();
  }

  async #readParts(body: BodyReader<B>): Promise<void> {
    try {
      for await (const chunk of (this.#request.body ?? []) as AsyncIterable<Uint8Array>) {
        body.add(this.#means.view(chunk));
        if (body.isOver) return;
      }
    } catch {
      body.abort();
      return;
    }
    body.end();
  }
}

/** Headers line by line; one with several values, such as cookies, is several lines. */
export function headerLines(headers: ReplyHeaders): [name: string, value: string][] {
  const lines: [name: string, value: string][] = [];
  for (const name of Object.keys(headers)) {
    const value = headers[name] ?? [];
    if (typeof value === "string") lines.push([name, value]);
    else for (const each of value) lines.push([name, each]);
  }
  return lines;
}
