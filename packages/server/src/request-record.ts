// The request that applications and middleware see on runtimes without a request of Node's kind, and the head of a
// request that makes one when it is asked for. Until then a request is what the runtime has, and afterwards one text:
// most connections are never asked.

import {
  parseQuery,
  type RequestHead,
  type RequestHeaders,
  type SavedRequest,
} from "@sockeye/engine";
import { foldedHeaders, headerIn, SEPARATOR } from "./folded-headers.ts";

/** What a request came over. */
export interface RequestConnection {
  readonly remoteAddress: string;
  /** Whether it is TLS. */
  readonly encrypted: boolean;
}

/** A request in the form of Node's: `socket.request`, and the first argument of middleware, which may add properties. */
export class RequestRecord<Raw = unknown> {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  /** Header names in lower case. */
  readonly headers: RequestHeaders;
  readonly socket: RequestConnection;
  /** The runtime's own request; `undefined` once it was let go. */
  readonly raw: Raw | undefined;
  #query: Record<string, string> | null = null;

  constructor(head: RequestHead, raw: Raw | undefined) {
    this.method = head.method;
    this.url = head.url;
    this.headers = head.headers;
    this.socket = { remoteAddress: head.remoteAddress, encrypted: head.secure };
    this.raw = raw;
  }

  /** The same as `socket`, as older middleware reads it. */
  get connection(): RequestConnection {
    return this.socket;
  }

  /** The query, which middleware may change before the handshake. */
  get _query(): Record<string, string> {
    this.#query ??= { ...parseQuery(this.url) };
    return this.#query;
  }

  set _query(query: Record<string, string>) {
    this.#query = query;
  }
}

/** What a runtime knows of a request. The functions are not called after `RecordHead.compact`. */
export interface HeadSource<Raw = unknown> {
  readonly method: string;
  readonly url: string;
  readonly secure: boolean;
  /** Read at any time before `RecordHead.compact`, as the functions are called. */
  readonly remoteAddress: string;
  readonly raw: Raw;
  /** One header, by its name in lower case. */
  header(name: string): string | undefined;
  /** All of them. */
  headers(): RequestHeaders;
  /** All of them as one text, a line for each name and each value, where the runtime has that quicker than a record. */
  text?(): string;
}

/** The head of a request over a runtime's look-ups. */
export class RecordHead<Raw = unknown> implements RequestHead {
  readonly method: string;
  readonly url: string;
  readonly secure: boolean;
  #source: HeadSource<Raw> | null;
  /** Once the source was let go. */
  #address = "";
  /** Names and values of all headers, once the source was let go. */
  #text = "";
  #headers: RequestHeaders | null = null;
  #record: RequestRecord<Raw> | null = null;

  constructor(source: HeadSource<Raw>) {
    this.#source = source;
    this.method = source.method;
    this.url = source.url;
    this.secure = source.secure;
  }

  /** Looked up when it is asked for: most requests of a session are not. */
  get remoteAddress(): string {
    return this.#source === null ? this.#address : this.#source.remoteAddress;
  }

  header(name: string): string | undefined {
    if (this.#source !== null) return this.#source.header(name);
    return headerIn(this.headers, name);
  }

  get headers(): RequestHeaders {
    this.#headers ??=
      this.#source === null ? foldedHeaders(this.#text.split(SEPARATOR)) : this.#source.headers();
    return this.#headers;
  }

  get native(): RequestRecord<Raw> {
    this.#record ??= new RequestRecord(this, this.#source?.raw);
    return this.#record;
  }

  get borrowed(): RequestRecord<Raw> {
    return this.#record ?? new RequestRecord(this, this.#source?.raw);
  }

  get query(): Readonly<Record<string, string>> {
    return this.#record === null ? parseQuery(this.url) : this.#record._query;
  }

  /** Lets the runtime's request go, unless application code may hold it. */
  compact(): void {
    const source = this.#source;
    if (source === null || this.#record !== null) return;
    this.#text = source.text?.() ?? textOf(this.#headers ?? source.headers());
    this.#headers = null;
    this.#address = source.remoteAddress;
    this.#source = null;
  }
}

function textOf(headers: RequestHeaders): string {
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().flatMap((each) => [name, each]),
  );
  return lines.join(SEPARATOR);
}

/** The first request of a connection that is set up again. */
export function revivedHead(saved: SavedRequest): RequestHead {
  const { headers, query, ...plain } = saved;
  const head = new RecordHead<undefined>({
    ...plain,
    raw: undefined,
    headers: () => headers,
    header: (name) => headerIn(headers, name),
  });
  if (query !== undefined) head.native._query = { ...query };
  return head;
}
