// One HTTP request of the web and its answer, for the engine's port.

import {
  type CompressionRule,
  headerLines,
  RecordHead,
  WebExchange,
  type WebMeans,
  type WebReply,
} from "@sockeye/server";
import { portableBytes } from "@sockeye/websocket";
import type { FetchRequestSource } from "./request.ts";
import { surface } from "./runtime.ts";

const encoder = new TextEncoder();

/** A response. An empty body is none, so that the platform adds no type. */
export function responseOf({ status, headers, body }: WebReply): Response {
  const content = body.length === 0 ? null : (body as string);
  // Cloudflare would compress what says that it is compressed.
  const init = { status, headers: headerLines(headers), encodeBody: "manual" };
  return new Response(content, init);
}

const means: WebMeans<Response, Uint8Array> = {
  bytes: portableBytes,
  view: (bytes) => bytes,
  encode: (text) => encoder.encode(text),
  // Polling answers are compressed with these alone.
  async compress(bytes, encoding) {
    const { body } = new Response(bytes as Uint8Array<ArrayBuffer>);
    const stream = body?.pipeThrough(new CompressionStream(encoding as "gzip" | "deflate"));
    return new Uint8Array(await new Response(stream ?? null).arrayBuffer());
  },
  responseOf,
  surface,
};

/** A request that can be answered. */
export class FetchExchange extends WebExchange<Response, Uint8Array> {
  readonly #raw: Request;
  #isWatched = false;
  readonly #onGone = (): void => this.gone();

  constructor(source: FetchRequestSource, compression: CompressionRule) {
    super({ head: new RecordHead(source), request: source.raw }, compression, means);
    this.#raw = source.raw;
  }

  /** Where a runtime has no signal, a poll whose client has gone is found by the heartbeat. */
  protected override watch(): void {
    if (this.#isWatched) return;
    this.#isWatched = true;
    this.#raw.signal?.addEventListener("abort", this.#onGone);
  }

  /** Some runtimes abort the signal with the answer, too. */
  protected override answered(): void {
    if (this.#isWatched) this.#raw.signal?.removeEventListener("abort", this.#onGone);
  }
}
