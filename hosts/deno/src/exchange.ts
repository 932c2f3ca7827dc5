// One HTTP request of Deno and its answer, for the engine's port.

import { Buffer } from "node:buffer";
import { type CompressionRule, RecordHead, WebExchange, type WebMeans } from "@sockeye/server";
import type { DenoRequestSource } from "./request.ts";
import { compressBytes, responseOf } from "./response.ts";
import { surface } from "./runtime.ts";

const means: WebMeans<Response, Buffer> = {
  bytes: {
    allocate: (size) => Buffer.allocUnsafe(size),
    utf8: (bytes, from, to) => bytes.toString("utf8", from, to),
  },
  view: ({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength),
  encode: (text) => Buffer.from(text),
  compress: compressBytes,
  responseOf,
  surface,
};

/** A request that can be answered. */
export class DenoExchange extends WebExchange<Response, Buffer> {
  readonly #raw: Request;
  #isWatched = false;
  readonly #onGone = (): void => this.gone();

  constructor(source: DenoRequestSource, compression: CompressionRule) {
    super({ head: new RecordHead(source), request: source.raw }, compression, means);
    this.#raw = source.raw;
  }

  protected override watch(): void {
    if (this.#isWatched) return;
    this.#isWatched = true;
    this.#raw.signal.addEventListener("abort", this.#onGone);
  }

  /** Deno aborts the signal with the answer, too, and warns of whoever listens. */
  protected override answered(): void {
    if (this.#isWatched) this.#raw.signal.removeEventListener("abort", this.#onGone);
  }
}
