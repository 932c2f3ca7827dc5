// A connection as data: what a store keeps of it, and what it is made again from, in this process or another. All of it is JSON,
// as far as the layer above keeps to that. Does not know how it is taken or used.

import type { RequestHeaders } from "./ports/http.ts";
import type { Revision } from "./revision.ts";

/** The form that this version writes and reads. */
export const SAVED_VERSION = 1;

/** The first request of a connection. */
export interface SavedRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: RequestHeaders;
  readonly remoteAddress: string;
  readonly secure: boolean;
  /** The query, where user code has changed it. */
  readonly query?: Readonly<Record<string, string>>;
}

/** A transport. */
export interface SavedTransport {
  /** The name of its kind. */
  readonly kind: string;
  /** The part of a request's query that asks for its encoding of frames. */
  readonly parameters: string;
  /** Frames that wait for the client's next request; bytes are `b` and base64. A host keeps those of a WebSocket. */
  readonly frames: readonly string[];
}

/** The heartbeat. */
export interface SavedHeartbeat {
  /** Waiting to send a ping, or for a pong (with or without an extended deadline). */
  readonly beat: "resting" | "pinged" | "extended";
  /** Milliseconds until it acts, counted from `at`; `null`: never. */
  readonly left: number | null;
}

/** A connection as data. */
export interface SavedConnection {
  readonly version: typeof SAVED_VERSION;
  /** The session id. Secret: it lets its owner speak for the client over polling. */
  readonly id: string;
  readonly revision: Revision;
  readonly request: SavedRequest;
  readonly transport: SavedTransport;
  readonly heartbeat: SavedHeartbeat;
  /** When it was taken, in milliseconds since 1970. */
  readonly at: number;
  /** What the layer above keeps: of a server, its sockets. */
  readonly handler: unknown;
}

/** Why a connection cannot be taken down at this moment. Each ends by itself, within a deadline of its own but for the last. */
export type Busy =
  /** Its listeners have not been called yet. */
  | "opening"
  | "upgrading"
  /** It is closing, or its write buffer has overflowed. */
  | "closing"
  | "closed"
  /** Its write buffer is above `maxSendBufferSize`: it drains, or the connection is closed. */
  | "overflowing"
  /** A body of the client is being read. */
  | "reading"
  /** A namespace is being joined: middleware or the adapter has not answered. */
  | "joining"
  /** A broadcast is being delivered. */
  | "broadcasting"
  /** A packet is partly received, and the parser cannot hand it over. */
  | "decoding"
  /** The transport cannot be handed over at all. */
  | "unsupported transport";

/** The outcome of taking something down, or of saving it. */
export type Saved<Data = SavedConnection> =
  | { readonly kind: "saved"; readonly data: Data }
  | { readonly kind: "busy"; readonly why: Busy };

/** It cannot be done now. */
export function busy(why: Busy): { readonly kind: "busy"; readonly why: Busy } {
  return { kind: "busy", why };
}
