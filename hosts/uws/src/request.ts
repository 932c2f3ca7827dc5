// A request of uWebSockets.js, for the head that the layers above read. It can be asked only while its handler runs, so
// that what may be asked later is read when the handler returns without an answer.

import type { RequestHeaders } from "@sockeye/engine";
import { foldedHeaders, type HeadSource, SESSION_HEADERS } from "@sockeye/server";
import type { UwsRequest, UwsResponse } from "./uws.ts";

/** Before an IPv4 address on a port that takes both kinds. */
const MAPPED = "0000:0000:0000:0000:0000:ffff:";

/** What is known of a request. */
export class UwsRequestSource implements HeadSource<undefined> {
  readonly method: string;
  readonly url: string;
  readonly secure: boolean;
  readonly remoteAddress: string;
  readonly raw = undefined;
  /** Whether it belongs to no session yet. */
  readonly #isFirst: boolean;
  readonly #isWhole: boolean;
  #request: UwsRequest | null;
  #headers: RequestHeaders | null = null;

  /** `isWhole`: all of it may be asked for before the answer, even if it belongs to a session. */
  constructor(
    request: UwsRequest,
    response: UwsResponse,
    { isWhole, secure }: { readonly isWhole: boolean; readonly secure: boolean },
  ) {
    const query = request.getQuery() ?? "";
    this.#request = request;
    this.method = request.getCaseSensitiveMethod();
    this.url = query === "" ? request.getUrl() : `${request.getUrl()}?${query}`;
    this.secure = secure;
    this.#isFirst = !query.includes("sid=");
    this.#isWhole = isWhole;
    this.remoteAddress = isWhole || this.#isFirst ? addressOf(response) : "";
  }

  header(name: string): string | undefined {
    if (this.#request !== null) return this.#request.getHeader(name) || undefined;
    const value = this.#headers?.[name];
    return typeof value === "object" ? value.join(", ") : value;
  }

  headers(): RequestHeaders {
    this.#headers ??= this.#request === null ? {} : allHeaders(this.#request);
    return this.#headers;
  }

  /** The handler returns. `isAnswered`: nothing is asked any more, but of a request that has begun a session. */
  release(isAnswered: boolean): void {
    const request = this.#request;
    if (request === null) return;
    const isWhole = this.#isFirst || (this.#isWhole && !isAnswered);
    if (isWhole) this.headers();
    else if (!isAnswered) this.#headers ??= sessionHeaders(request);
    this.#request = null;
  }
}

/** The client's address as Node writes it; uWebSockets.js writes all digits of IPv6. */
function addressOf(response: UwsResponse): string {
  const text = Buffer.from(response.getRemoteAddressAsText()).toString();
  if (!text.includes(":")) return text;
  if (!text.startsWith(MAPPED)) return new URL(`http://[${text}]`).hostname.slice(1, -1);
  const digits = Buffer.from(text.slice(MAPPED.length).replace(":", ""), "hex");
  return `::ffff:${digits.join(".")}`;
}

function sessionHeaders(request: UwsRequest): RequestHeaders {
  const headers: Record<string, string> = {};
  for (const name of SESSION_HEADERS) {
    const value = request.getHeader(name);
    if (value !== "") headers[name] = value;
  }
  return headers;
}

function allHeaders(request: UwsRequest): RequestHeaders {
  const lines: string[] = [];
  request.forEach((name, value) => {
    lines.push(name, value);
  });
  return foldedHeaders(lines);
}
