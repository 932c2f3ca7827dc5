// The first request of a connection as data, and the request that is made from it again.

import type { RequestHead, RequestHeaders } from "./ports/http.ts";
import { parseQuery } from "./query.ts";
import type { SavedRequest } from "./saved-connection.ts";

/** A request as data. Reads nothing that user code could keep. */
export function savedRequest(head: RequestHead): SavedRequest {
  const { headers, method, query, remoteAddress, secure, url } = head;
  const saved = { method, url, headers, remoteAddress, secure };
  const isUsual = query === undefined || JSON.stringify(query) === JSON.stringify(parseQuery(url));
  return isUsual ? saved : { ...saved, query };
}

/** A request of a connection that was set up again. */
export class RevivedRequest implements RequestHead {
  readonly #saved: SavedRequest;
  #native: object | null = null;

  constructor(saved: SavedRequest) {
    this.#saved = saved;
  }

  get method(): string {
    return this.#saved.method;
  }

  get url(): string {
    return this.#saved.url;
  }

  get headers(): RequestHeaders {
    return this.#saved.headers;
  }

  get remoteAddress(): string {
    return this.#saved.remoteAddress;
  }

  get secure(): boolean {
    return this.#saved.secure;
  }

  get query(): Readonly<Record<string, string>> {
    return this.#saved.query ?? parseQuery(this.#saved.url);
  }

  header(name: string): string | undefined {
    const value = Object.hasOwn(this.#saved.headers, name) ? this.#saved.headers[name] : undefined;
    return typeof value === "object" ? value.join(", ") : value;
  }

  get native(): object {
    if (this.#native === null) {
      const { headers, method, remoteAddress, secure, url } = this.#saved;
      const socket = { remoteAddress, encrypted: secure };
      this.#native = {
        method,
        url,
        headers,
        socket,
        connection: socket,
        _query: { ...this.query },
      };
    }
    return this.#native;
  }
}
