// The HTTP port: the form in which a host passes requests to the engine, and how they are answered. It is not the web's
// Request: creating one per poll costs more than the poll.

import type { Frame } from "@sockeye/protocol";

/** Header names in lower case. */
export type RequestHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** Headers of a response; names as the host must send them. */
export type ReplyHeaders = Record<string, string | string[]>;

/** A request without its body. */
export interface RequestHead {
  readonly method: string;
  /** Path and query, as sent. */
  readonly url: string;
  /**
   * One header, by its name in lower case; values of a repeated one are joined as HTTP says. Of a request that belongs
   * to a session the engine reads `content-type`, `origin` and `user-agent`, and no other.
   */
  header(name: string): string | undefined;
  /** All headers. May be made when they are read. */
  readonly headers: RequestHeaders;
  readonly remoteAddress: string;
  /** Whether the request came over TLS. */
  readonly secure: boolean;
  /** The query where user code may have changed it; otherwise that of `url`. */
  readonly query?: Readonly<Record<string, string>>;
  /**
   * The request for user code, of Node's form: it has `method`, `url`, and `headers` as a record. One object for each
   * request. Reading it means that user code may keep it, and add properties.
   */
  readonly native: unknown;
  /** The same for code that keeps no reference to it. Default: `native`. */
  readonly borrowed?: unknown;
  /**
   * Called after the connection handlers: unless `native` was read, the host may replace it by a smaller record, and
   * recreate `native` from that when it is read later.
   */
  compact?(): void;
}

/** Receives a body; exactly one method is called, once. */
export interface BodySink {
  /** Text, or bytes when the content type is `application/octet-stream`. */
  onBody(body: Frame): void;
  /**
   * The body exceeds the limit, or announces that it will. The host has stopped reading; it closes the connection after
   * the answer, which follows at once, was written.
   */
  onTooLarge(): void;
  /** The client disconnected before the end of the body. */
  onAborted(): void;
}

/** A response. */
export interface HttpReply {
  readonly status: number;
  readonly headers: ReplyHeaders;
  readonly body: Frame;
  /** Whether the host may compress the body (it knows the accepted encodings, and its threshold). */
  readonly compress: boolean;
}

/** One request and the way to answer it. */
export interface HttpExchange {
  readonly head: RequestHead;
  /** Reads the body, at most `limit` bytes of it. */
  readBody(limit: number, sink: BodySink): void;
  /** Answers; later calls do nothing. */
  reply(reply: HttpReply): void;
  /** Aborts the request without a response. Does nothing once it was answered. */
  cut(): void;
  /** Whether the client disconnected before it was answered. */
  readonly isAborted: boolean;
  /**
   * Called by the host when the client disconnects before the response. Set by the transport that holds the exchange.
   */
  onAbort: (() => void) | null;
}
