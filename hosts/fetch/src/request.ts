// A request of the web, for the head that the layers above read. Some runtimes let a request go with its answer: of one that
// begins a session, which is read later, headers and address are read at once.

import type { RequestHeaders } from "@sockeye/engine";
import type { HeadSource } from "@sockeye/server";

/** Path and query of a request's URL. */
export function pathOf(url: string): string {
  const from = url.indexOf("/", "https://".length);
  return from === -1 ? "/" : url.slice(from);
}

/** What is known of a request. */
export class FetchRequestSource implements HeadSource<Request> {
  readonly method: string;
  readonly url: string;
  readonly secure: boolean;
  readonly raw: Request;
  readonly #address: () => string;
  #known: string | null = null;
  #all: Readonly<Record<string, string>> | null = null;

  /** `url`: path and query. */
  constructor(raw: Request, url: string, address: () => string) {
    this.raw = raw;
    this.url = url;
    this.method = raw.method;
    this.secure = raw.url.startsWith("https:");
    this.#address = address;
    if (url.includes("sid=")) return;
    this.headers();
    this.#known = address();
  }

  get remoteAddress(): string {
    this.#known ??= this.#address();
    return this.#known;
  }

  header(name: string): string | undefined {
    return this.#all === null ? (this.raw.headers.get(name) ?? undefined) : this.#all[name];
  }

  headers(): RequestHeaders {
    this.#all ??= Object.fromEntries(this.raw.headers);
    return this.#all;
  }
}
