// The HTTP port: what a host hands in for each request, and how it is answered.
// Not the web's Request: building one per poll costs more than the poll.

import type { Frame } from "@sockeye/protocol";

/** Header names in lower case. */
export type RequestHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** Headers of an answer; names as the host shall send them. */
export type ReplyHeaders = Record<string, string | string[]>;

/** What is known of a request before its body. */
export interface RequestHead {
  readonly method: string;
  /** Path and query, as sent. */
  readonly url: string;
  readonly headers: RequestHeaders;
  readonly remoteAddress: string;
  /** Whether the request came over TLS. */
  readonly secure: boolean;
  /** The query, where user code may have changed it; otherwise it is that of `url`. */
  readonly query?: Readonly<Record<string, string>>;
  /** The host's own request object, handed to user code untouched. Reading it means that user code has it. */
  readonly native: unknown;
  /**
   * The connection handlers have run: unless `native` was read, the host may keep something smaller and make
   * `native` of that when it is read after all.
   */
  letGo?(): void;
}

/** Receives a body; exactly one method is called, once. */
export interface BodySink {
  /** Text, or bytes when the content type is `application/octet-stream`. */
  onBody(body: Frame): void;
  /** The body is, or is about to become, larger than allowed. The host has stopped reading. */
  onTooLarge(): void;
  /** The peer went away before the end. */
  onAborted(): void;
}

/** An answer. */
export interface HttpReply {
  readonly status: number;
  readonly headers: ReplyHeaders;
  readonly body: Frame;
  /** Whether the host may compress the body (it knows what the peer accepts, and its threshold). */
  readonly compress: boolean;
}

/** One request and the way to answer it. */
export interface HttpExchange extends RequestHead {
  /** Reads the body, at most `limit` bytes of it. */
  readBody(limit: number, sink: BodySink): void;
  /** Answers; later calls do nothing. */
  reply(reply: HttpReply): void;
  /** Breaks the request off: the peer gets no answer. Does nothing once it was answered. */
  cut(): void;
  /** Whether the peer went away before it was answered. */
  readonly isAborted: boolean;
  /** Called by the host when the peer goes away before it was answered. Set by the transport that holds the exchange. */
  onAbort: (() => void) | null;
}
