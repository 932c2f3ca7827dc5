// A request of the web, for the head that the layers above read. Runtimes let a request go with its answer: of one that begins
// a session, which is read later, they are asked at once for what they forget.

import type { RequestHeaders } from "@sockeye/engine";
import type { HeadSource } from "@sockeye/server";
import type { WebRuntime } from "./runtime.ts";

/** Path and query of a request's URL, which is absolute, but for requests of HTTP/1.0 without a host. */
export function pathOf(url: string): string {
  if (url.startsWith("/")) return url;
  const from = url.indexOf("/", "https://".length);
  return from === -1 ? "/" : url.slice(from);
}

/** What is known of a request. */
export class WebSource<Native> implements HeadSource<Request> {
  readonly method: string;
  readonly url: string;
  readonly secure: boolean;
  readonly raw: Request;
  readonly native: Native;
  readonly #runtime: WebRuntime<Native>;
  // Held: where a runtime keeps them, it does so for who has asked in time.
  readonly #headers: Headers;
  #address: string | null = null;
  #all: Readonly<Record<string, string>> | null = null;

  /** `url`: path and query. */
  constructor(
    {
      request,
      native,
      url,
    }: { readonly request: Request; readonly native: Native; readonly url: string },
    runtime: WebRuntime<Native>,
  ) {
    this.raw = request;
    this.native = native;
    this.url = url;
    this.method = request.method;
    this.secure = request.url.startsWith("https:");
    this.#headers = request.headers;
    this.#runtime = runtime;
    if (url.includes("sid=")) return;
    if (!runtime.keepsHeaders) this.headers();
    this.#address = runtime.addressOf(request, native);
  }

  get remoteAddress(): string {
    return this.#address ?? this.#runtime.addressOf(this.raw, this.native);
  }

  header(name: string): string | undefined {
    return this.#all === null ? (this.#headers.get(name) ?? undefined) : this.#all[name];
  }

  headers(): RequestHeaders {
    this.#all ??= Object.fromEntries(this.#headers);
    return this.#all;
  }
}
