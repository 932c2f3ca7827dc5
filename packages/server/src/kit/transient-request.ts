// A request of a runtime that may be asked only while its handler runs, for the head that the layers above read: what may
// be asked later is read when the handler returns without an answer, and of a request that begins a session in any case.

import type { RequestHeaders } from "@sockeye/engine";
import { SESSION_HEADERS } from "../exchange.ts";
import { foldedHeaders, headerIn, SEPARATOR } from "../folded-headers.ts";
import type { HeadSource } from "../request-record.ts";

/** The headers of a request as its runtime tells them, until its handler returns. Names are in lower case. */
export interface HeaderLookUps {
  /** A header; an empty string when there is none. */
  getHeader(name: string): string;
  forEach(callback: (name: string, value: string) => void): void;
}

/** What is read at once. */
export interface TransientPlan {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly secure: boolean;
  /** The client's address; empty where nobody asks for it. */
  readonly remoteAddress: string;
  /** Whether it belongs to no session yet. */
  readonly isFirst: boolean;
  /** Whether all of it may be asked for before the answer, even if it belongs to a session: middleware may. */
  readonly isWhole: boolean;
  /** Whether it is a WebSocket handshake. */
  readonly isUpgrade: boolean;
}

/** The headers that are read of a handshake for a session. */
const UPGRADE_HEADERS = [
  ...SESSION_HEADERS,
  "upgrade",
  ...["key", "version", "protocol", "extensions"].map((name) => `sec-websocket-${name}`),
];

/** What is known of a request. */
export class TransientRequest implements HeadSource<undefined> {
  readonly method: string;
  readonly url: string;
  readonly secure: boolean;
  readonly remoteAddress: string;
  readonly raw = undefined;
  readonly #isFirst: boolean;
  readonly #isWhole: boolean;
  readonly #isUpgrade: boolean;
  #asked: HeaderLookUps | null;
  #text: string | null = null;
  #headers: RequestHeaders | null = null;

  constructor(plan: TransientPlan, asked: HeaderLookUps) {
    this.method = plan.method;
    this.url = plan.url;
    this.secure = plan.secure;
    this.remoteAddress = plan.remoteAddress;
    this.#isFirst = plan.isFirst;
    this.#isWhole = plan.isWhole;
    this.#isUpgrade = plan.isUpgrade;
    this.#asked = asked;
  }

  header(name: string): string | undefined {
    if (this.#asked !== null) return this.#asked.getHeader(name) || undefined;
    return headerIn(this.headers(), name);
  }

  headers(): RequestHeaders {
    this.#headers ??= foldedHeaders(this.text().split(SEPARATOR));
    return this.#headers;
  }

  text(): string {
    if (this.#text !== null) return this.#text;
    const lines: string[] = [];
    this.#asked?.forEach((name, value) => {
      lines.push(name, value);
    });
    this.#text = lines.join(SEPARATOR);
    return this.#text;
  }

  /** The handler returns. `isAnswered`: nothing is asked any more, but of a request that has begun a session. */
  release(isAnswered: boolean): void {
    const asked = this.#asked;
    if (asked === null) return;
    if (this.#isFirst || (this.#isWhole && !isAnswered)) this.text();
    else if (!isAnswered) this.#headers ??= lookedUp(asked, this.#isUpgrade);
    this.#asked = null;
  }
}

function lookedUp(asked: HeaderLookUps, isUpgrade: boolean): RequestHeaders {
  const headers: Record<string, string> = {};
  for (const name of isUpgrade ? UPGRADE_HEADERS : SESSION_HEADERS) {
    const value = asked.getHeader(name);
    if (value !== "") headers[name] = value;
  }
  return headers;
}
