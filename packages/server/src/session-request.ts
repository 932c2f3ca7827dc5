// What applications see of a WebTransport session in place of a request: runtimes pass on little of the one that opened it.

import type { RequestHeaders } from "@sockeye/engine";
import { headerIn } from "./folded-headers.ts";
import { type HeadSource, RecordHead } from "./request-record.ts";

/** What is known of the request that opened a WebTransport session. */
export interface SessionRequest {
  /** The address that the client asked for, or its path and query. Default: the session's own `url`, if it has one. */
  readonly url?: string;
  /** Names in lower case. Default none. */
  readonly headers?: RequestHeaders;
  /** The client's address. Default `""`. */
  readonly remoteAddress?: string;
}

const SCHEME_AND_HOST = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i;

/** Path and query of an address. */
export function pathIn(url: string): string {
  const path = url.replace(SCHEME_AND_HOST, "").replace(/#.*$/, "");
  return path.startsWith("/") ? path : `/${path}`;
}

/** The head of a session, with a request that has no `raw`. Sessions are always encrypted. */
export function headOfSession(session: object, about: SessionRequest): RecordHead {
  const { url, headers = {}, remoteAddress = "" } = about;
  const given = url ?? (session as { readonly url?: unknown }).url;
  const source: HeadSource = {
    method: "CONNECT",
    url: typeof given === "string" ? pathIn(given) : "/",
    secure: true,
    remoteAddress,
    raw: undefined,
    header: (name) => headerIn(headers, name),
    headers: () => headers,
  };
  return new RecordHead(source);
}
