// Node's part of one engine: HTTP servers, WebSocket handshakes, and what must be written when the process exits.

import {
  createServer,
  type Server as HttpServer,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import type { Duplex } from "node:stream";
import type { Gateway, HostEngine, Mount } from "@sockeye/server";
import { NodeExchange } from "./exchange.ts";
import { flushAtExit, forgetAtExit } from "./exit-flush.ts";
import { attachToHttp, type HttpSink } from "./http-attachment.ts";
import type { ServerOptions } from "./options.ts";
import { NodeUpgrade, type UpgradeContext } from "./upgrade.ts";
import { WebSocketGate } from "./web-socket-gate.ts";

/** The part of Node in one engine. */
export class NodeEngine implements HostEngine, HttpSink {
  readonly #gateway: Gateway;
  readonly #gate: WebSocketGate;
  readonly #options: ServerOptions;
  readonly #upgrades: UpgradeContext;
  #isFlushedAtExit = false;
  readonly #onExit = (): void => {
    this.#gateway.releasePolls();
    this.#gate.flush();
  };

  constructor(gateway: Gateway, options: ServerOptions) {
    this.#gateway = gateway;
    this.#options = options;
    this.#gate = new WebSocketGate(options);
    this.#upgrades = { gateway, gate: this.#gate, keepRequest: options.keepRequest };
  }

  attach(source: unknown, mount: Mount): HttpServer {
    const isPort = typeof source === "number" || typeof source === "string";
    const http = isPort
      ? createServer((_request, response) => response.writeHead(404).end())
      : (source as HttpServer);
    attachToHttp(http, mount, this);
    http.on("close", () => this.#gateway.close());
    http.on("listening", () => this.#gate.reopen());
    if (isPort) http.listen(Number(source));
    return http;
  }

  onRequest(
    mount: Mount,
    route: "engine" | "file",
    native: { readonly request: IncomingMessage; readonly response: ServerResponse },
  ): void {
    this.#flushAtExit();
    const { request, response } = native;
    mount.onRequest(route, new NodeExchange(request, response, this.#options));
  }

  handleRequest(request: IncomingMessage, response: ServerResponse): void {
    this.#flushAtExit();
    this.#gateway.onRequest(new NodeExchange(request, response, this.#options));
  }

  handleUpgrade(request: IncomingMessage, socket: Duplex, rest: Buffer): void {
    this.#flushAtExit();
    new NodeUpgrade(this.#upgrades, { request, socket, rest }).run();
  }

  close(): void {
    this.#gate.close();
    if (!this.#isFlushedAtExit) return;
    this.#isFlushedAtExit = false;
    // Frames of this event-loop turn are still written when the process exits in it.
    setImmediate(() => {
      if (!this.#isFlushedAtExit) forgetAtExit(this.#onExit);
    }).unref();
  }

  stop(http: HttpServer, done: (error?: Error) => void): void {
    http.close(done);
  }

  #flushAtExit(): void {
    if (this.#isFlushedAtExit) return;
    this.#isFlushedAtExit = true;
    flushAtExit(this.#onExit);
  }
}
