// A request of Bun, for the head that the layers above read. What Bun looks up on demand is looked up on demand, but for
// requests that begin a session: their request is read after it was answered, when Bun has let it go.

import type { RequestHeaders } from "@sockeye/engine";
import type { HeadSource } from "@sockeye/server";
import type { BunServer } from "./bun.ts";

/** Path and query of a request's URL, which is absolute, but for requests of HTTP/1.0 without a host. */
export function pathOf(url: string): string {
  return url.startsWith("/") ? url : url.slice(url.indexOf("/", "https://".length));
}

/** What Bun knows of a request. */
export class BunRequestSource implements HeadSource<Request> {
  readonly method: string;
  readonly url: string;
  readonly secure: boolean;
  readonly raw: Request;
  readonly #headers: Headers;
  readonly #server: BunServer;
  readonly #address: string | null;

  /** `url`: path and query. */
  constructor(raw: Request, url: string, server: BunServer) {
    this.raw = raw;
    this.url = url;
    this.method = raw.method;
    this.secure = raw.url.startsWith("https:");
    // Held, because they cannot be asked for once the request was answered.
    this.#headers = raw.headers;
    this.#server = server;
    const isLater = url.includes("sid=");
    this.#address = isLater ? null : addressOf(raw, server);
  }

  get remoteAddress(): string {
    return this.#address ?? addressOf(this.raw, this.#server);
  }

  header(name: string): string | undefined {
    return this.#headers.get(name) ?? undefined;
  }

  headers(): RequestHeaders {
    return Object.fromEntries(this.#headers);
  }
}

function addressOf(raw: Request, server: BunServer): string {
  return server.requestIP(raw)?.address ?? "";
}
