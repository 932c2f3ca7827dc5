// `socket.handshake`: details of the request that opened the connection.

import { parseQuery, type RequestHead, type RequestHeaders } from "@sockeye/engine";

/** What a client sent to a namespace that it wants to join. When it sent none, an object is created on access. */
export type Auth = Record<string, unknown>;

/** Details of the handshake, as `socket.handshake`. */
export interface Handshake {
  /** Headers of the first request. */
  headers: RequestHeaders;
  /** When the namespace was joined, as text. */
  time: string;
  /** The client's address. */
  address: string;
  /** Whether the request came from another origin's page (it has an `Origin` header). */
  xdomain: boolean;
  /** Whether the request came over TLS. */
  secure: boolean;
  /** When the namespace was joined, in milliseconds since 1970. */
  issued: number;
  /** Path and query of the first request. */
  url: string;
  /** The query of the first request. */
  query: Record<string, string>;
  /** What the client sent as `auth`. */
  // biome-ignore lint/suspicious/noExplicitAny: the client decides; Socket.IO types it so, and applications read members of it.
  auth: Record<string, any>;
}

/** Describes a request. */
export function describeHandshake(request: RequestHead, auth: Auth, issued: number): Handshake {
  return {
    headers: request.headers,
    time: String(new Date(issued)),
    address: request.remoteAddress,
    xdomain: request.header("origin") !== undefined,
    secure: request.secure,
    issued,
    url: request.url,
    query: request.query ?? parseQuery(request.url),
    auth,
  };
}
