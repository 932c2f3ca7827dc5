// Node's part of one engine: HTTP servers, WebSocket handshakes, and what must be written when the process exits.

import {
  createServer,
  type Server as HttpServer,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import type { Duplex } from "node:stream";
import type { ExitFlush, Gateway, HostEngine, Mount } from "@sockeye/server";
import { NodeExchange } from "./exchange.ts";
import { attachToHttp, type HttpSink } from "./http-attachment.ts";
import type { ServerOptions } from "./options.ts";
import { exits } from "./runtime.ts";
import { NodeUpgrade, type UpgradeContext } from "./upgrade.ts";
import { WebSocketGate } from "./web-socket-gate.ts";

/** The part of Node in one engine. */
export class NodeEngine implements HostEngine, HttpSink {
  readonly #gateway: Gateway;
  readonly #gate: WebSocketGate;
  readonly #options: ServerOptions;
  readonly #upgrades: UpgradeContext;
  readonly #exit: ExitFlush;

  constructor(gateway: Gateway, options: ServerOptions) {
    this.#gateway = gateway;
    this.#options = options;
    this.#gate = new WebSocketGate(options);
    this.#exit = exits.of(gateway, () => this.#gate.flush());
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
    this.#exit.begin();
    const { request, response } = native;
    mount.onRequest(route, new NodeExchange(request, response, this.#options));
  }

  handleRequest(request: IncomingMessage, response: ServerResponse): void {
    this.#exit.begin();
    this.#gateway.onRequest(new NodeExchange(request, response, this.#options));
  }

  handleUpgrade(request: IncomingMessage, socket: Duplex, rest: Buffer): void {
    this.#exit.begin();
    new NodeUpgrade(this.#upgrades, { request, socket, rest }).run();
  }

  close(): void {
    this.#gate.close();
    this.#exit.endAfterTurn();
  }

  stop(http: HttpServer, done: (error?: Error) => void): void {
    http.close(done);
  }
}
