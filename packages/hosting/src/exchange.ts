// One HTTP request of the web and its answer, for the engine's port.

import {
  WebExchange as AnyWebExchange,
  type CompressionRule,
  RecordHead,
  type WebMeans,
} from "@sockeye/server";
import type { WebSource } from "./request.ts";
import { responseOf } from "./response.ts";
import type { WebRuntime } from "./runtime.ts";

/** What the exchanges of an engine share. */
export interface ExchangeContext<Native> {
  readonly runtime: WebRuntime<Native>;
  readonly means: WebMeans<Response, Uint8Array>;
  readonly compression: CompressionRule;
}

/** The context of an engine's exchanges. */
export function exchangeContext<Native>(
  runtime: WebRuntime<Native>,
  compression: CompressionRule,
): ExchangeContext<Native> {
  const { bytes, surface } = runtime;
  return { runtime, compression, means: { ...bytes, responseOf, surface } };
}

/** A request that can be answered. */
export class WebExchange<Native> extends AnyWebExchange<Response, Uint8Array> {
  readonly #source: WebSource<Native>;
  readonly #runtime: WebRuntime<Native>;
  /** The listener for the client's end, while there is one. */
  #onGone: (() => void) | null = null;

  constructor(source: WebSource<Native>, { compression, means, runtime }: ExchangeContext<Native>) {
    super({ head: new RecordHead(source), request: source.raw }, compression, means);
    this.#source = source;
    this.#runtime = runtime;
  }

  /** Where a runtime has no signal, a poll whose client has gone is found by the heartbeat. */
  protected override watch(): void {
    if (this.#onGone !== null) return;
    const { raw, native } = this.#source;
    this.#runtime.onWait?.(raw, native);
    this.#onGone = () => this.gone();
    raw.signal?.addEventListener("abort", this.#onGone);
  }

  /** Some runtimes abort the signal with the answer, too, and Deno warns of whoever listens. */
  protected override answered(): void {
    if (this.#onGone !== null) this.#source.raw.signal?.removeEventListener("abort", this.#onGone);
  }
}
