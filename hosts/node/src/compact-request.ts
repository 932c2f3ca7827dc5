// The compact form of a connection's first request, for when no user code holds Node's object: one string instead of
// some fifty objects. Does not know connections.

import { channel } from "node:diagnostics_channel";
import { EventEmitter } from "node:events";
import { IncomingMessage } from "node:http";
import type { Socket } from "node:net";

// URLs and headers contain no line break.
const SEPARATOR = "\n";

// Of these Node keeps the first value when a peer repeats the header; others are joined (Node's documentation of
// `message.headers`).
const SINGLE = new Set(
  (
    "age authorization content-length content-type etag expires from host if-modified-since if-unmodified-since " +
    "last-modified location max-forwards proxy-authorization referer retry-after server user-agent"
  ).split(" "),
);

const sample = new IncomingMessage(null as unknown as Socket);
// Properties of every request; the HTTP parser adds itself as well.
const OWN_KEYS = new Set([...Object.keys(sample), "parser"]);
// Node adds no symbols of its own later, so another number means that user code has.
const OWN_SYMBOLS = Object.getOwnPropertySymbols(sample).length;
const requestStart = channel("http.server.request.start");

const kept = new WeakSet<IncomingMessage>();

/** Marks a request whose Node object must be kept, because user code may add properties later. */
export function keepWhole(request: IncomingMessage): void {
  kept.add(request);
}

/**
 * Whether code that is no listener may have received the request: where `emit` of the HTTP server is replaced, or Node's
 * channel of requests has subscribers. Only then are symbols counted, which takes several microseconds.
 */
function isInstrumented({ socket }: IncomingMessage): boolean {
  const { server } = socket as Socket & { readonly server?: { readonly emit: unknown } };
  return server?.emit !== EventEmitter.prototype.emit || requestStart.hasSubscribers;
}

/** Whether the request has only Node's own properties, so that it can be recreated. */
export function isUntouched(request: IncomingMessage): boolean {
  return (
    request.constructor === IncomingMessage &&
    request.httpVersionMajor === 1 &&
    Object.keys(request).every((key) => OWN_KEYS.has(key)) &&
    (!isInstrumented(request) || Object.getOwnPropertySymbols(request).length === OWN_SYMBOLS) &&
    !kept.has(request)
  );
}

/** Method, URL and headers of a request. */
export class CompactRequest {
  readonly socket: Socket;
  /** One text: method, URL, then names and values of headers. */
  readonly #text: string;

  constructor({ method = "GET", rawHeaders, socket, url = "/" }: IncomingMessage) {
    this.socket = socket;
    this.#text = [method, url, ...rawHeaders].join(SEPARATOR);
  }

  get method(): string {
    return this.#text.split(SEPARATOR)[0] as string;
  }

  get url(): string {
    return this.#text.split(SEPARATOR)[1] as string;
  }

  get rawHeaders(): string[] {
    return this.#text.split(SEPARATOR).slice(2);
  }

  get headers(): IncomingMessage["headers"] {
    return headersOf(this.rawHeaders);
  }

  /** Creates a Node request with the same content. */
  revive(): IncomingMessage {
    const request = new IncomingMessage(this.socket);
    const { method, url, headers, rawHeaders } = this;
    const [httpVersion, httpVersionMajor, httpVersionMinor] = ["1.1", 1, 1];
    return Object.assign(request, {
      ...{ method, url, headers, rawHeaders },
      ...{ httpVersion, httpVersionMajor, httpVersionMinor, complete: true },
    });
  }
}

function headersOf(raw: readonly string[]): IncomingMessage["headers"] {
  const headers: IncomingMessage["headers"] = {};
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = (raw[at] as string).toLowerCase();
    const value = raw[at + 1] as string;
    const before = headers[name];
    if (name === "set-cookie") {
      headers[name] ??= [];
      headers[name].push(value);
    } else if (before === undefined) headers[name] = value;
    else if (!SINGLE.has(name)) headers[name] = before + (name === "cookie" ? "; " : ", ") + value;
  }
  return headers;
}
