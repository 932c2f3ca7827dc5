// One HTTP request of Bun and its answer, for the engine's port.

import { type CompressionRule, RecordHead, WebExchange, type WebMeans } from "@sockeye/server";
import type { BunServer } from "./bun.ts";
import type { BunRequestSource } from "./request.ts";
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
export class BunExchange extends WebExchange<Response, Buffer> {
  readonly #raw: Request;
  readonly #server: BunServer;
  #isWatched = false;

  constructor(source: BunRequestSource, server: BunServer, compression: CompressionRule) {
    super({ head: new RecordHead(source), request: source.raw }, compression, means);
    this.#raw = source.raw;
    this.#server = server;
  }

  protected override watch(): void {
    if (this.#isWatched) return;
    this.#isWatched = true;
    // A poll may wait longer than Bun lets a connection be idle; the heartbeat ends it.
    this.#server.timeout(this.#raw, 0);
    this.#raw.signal.addEventListener("abort", () => this.gone());
  }
}
