// `io.engine`: what applications use of Socket.IO's engine. Raises `connection`, `connection_error`,
// `initial_headers` and `headers`; takes requests from applications that route them themselves.

import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { ReplyHeaders, RequestHead } from "@sockeye/engine";
import { Emitter } from "@sockeye/events";
import type { EngineMiddleware } from "./engine-middleware.ts";
import type { Gateway } from "./gateway.ts";
import type { ServerOptions } from "./options.ts";

/** Makes session ids. */
export type GenerateId = (request: IncomingMessage) => string | Promise<string>;

/** What the face asks its owner to do. */
export interface EngineOwner {
  readonly gateway: Gateway;
  readonly options: ServerOptions;
  clientsCount(): number;
  close(): void;
}

/** The engine as applications know it. */
export class EngineFace extends Emitter {
  /** Replaces the generator of session ids. The default makes 20 characters that cannot be guessed. */
  generateId: GenerateId | undefined = undefined;
  #owner: EngineOwner | null = null;

  /** Given once, before the face is handed out. */
  own(owner: EngineOwner): void {
    this.#owner = owner;
  }

  /** Number of open connections. */
  get clientsCount(): number {
    return this.#owner?.clientsCount() ?? 0;
  }

  get opts(): ServerOptions | undefined {
    return this.#owner?.options;
  }

  /** Adds a middleware in front of every request and WebSocket handshake. */
  use(middleware: EngineMiddleware): this {
    this.#owner?.gateway.use(middleware);
    return this;
  }

  /** Takes an HTTP request, whatever its path. */
  handleRequest(request: IncomingMessage, response: ServerResponse): void {
    this.#owner?.gateway.onRequest(request, response);
  }

  /** Takes a WebSocket handshake, whatever its path. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#owner?.gateway.onUpgrade(request, socket, head);
  }

  /** Cuts all connections. */
  close(): this {
    this.#owner?.close();
    return this;
  }

  /** Raises a header event; listeners may add headers. */
  raiseHeaders(headers: ReplyHeaders, request: RequestHead, which: "initial" | "later"): void {
    // Nobody listens, as a rule; the request is then not read, and need not be kept.
    if (which === "initial" && this.hasListeners("initial_headers")) {
      this.raise("initial_headers", [headers, request.native]);
    }
    if (this.hasListeners("headers")) this.raise("headers", [headers, request.native]);
  }

  raise(event: string, args: readonly unknown[]): void {
    this.listenersByEvent.raise(this, event, args);
  }
}
