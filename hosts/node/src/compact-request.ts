// The compact form of a connection's first request, for when no user code holds Node's object: one string instead of
// some fifty objects. Does not know connections.

import { channel } from "node:diagnostics_channel";
import { EventEmitter } from "node:events";
import { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { foldedHeaders } from "@sockeye/server";

// URLs and headers contain no line break.
const SEPARATOR = "\n";

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
    return foldedHeaders(this.rawHeaders) as IncomingMessage["headers"];
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
