// The part of Request and Response in one engine: the handler that a runtime calls.

import type { Ticket } from "@sockeye/engine";
import type { Gateway, HostEngine, Mount } from "@sockeye/server";
import { fetchError } from "./errors.ts";
import { FetchExchange } from "./exchange.ts";
import type { FetchOptions, ServerOptions } from "./options.ts";
import { follow, type RawSocketContext, WebRawSocket } from "./raw-socket.ts";
import { FetchRequestSource, pathOf } from "./request.ts";
import { surface, webClock } from "./runtime.ts";
import { FetchUpgrade, type Upgrading } from "./upgrade.ts";
import type { FetchHandler, UpgradedWebSocket, WebSocketLike } from "./web.ts";

const OPEN = 1;

/** The handler's further arguments: of whatever type the application's functions take. */
type Context = readonly never[];

function contextOf(given: readonly unknown[]): Context {
  return given as unknown as Context;
}

/** What is used of the options. */
type Options = Pick<ServerOptions, "httpCompression" | "maxHttpBufferSize"> & Partial<FetchOptions>;

/** The part of the web's platform in one engine. A host whose WebSockets come by other ways extends it. */
export class FetchEngine implements HostEngine {
  protected readonly gateway: Gateway;
  protected readonly sockets: RawSocketContext;
  readonly #options: Options;
  #isOpen = true;

  constructor(gateway: Gateway, options: Options) {
    this.gateway = gateway;
    this.#options = options;
    this.sockets = { clock: webClock, surface, limit: options.maxHttpBufferSize };
  }

  /** Never called: the host has refused the source. */
  attach(_source: unknown, _mount: Mount): unknown {
    throw fetchError("ERR_LISTEN_TARGET");
  }

  handler(mount: Mount): FetchHandler {
    const { fetch } = mount.options as Partial<FetchOptions>;
    return (request, ...given) => {
      const context = contextOf(given);
      const url = pathOf(request.url);
      const route = mount.route(url);
      if (route === null) {
        return fetch === undefined
          ? new Response(null, { status: 404 })
          : fetch(request, ...context);
      }
      if (route === "engine" && mount.hasUpgrades && request.headers.has("upgrade")) {
        return this.#upgrade(request, url, context);
      }
      const exchange = this.#exchange(request, url, context);
      mount.onRequest(route, exchange);
      return exchange.answer();
    };
  }

  handleRequest(request: Request, ...given: unknown[]): Response | Promise<Response> {
    const context = contextOf(given);
    const url = pathOf(request.url);
    if (request.headers.has("upgrade")) return this.#upgrade(request, url, context);
    const exchange = this.#exchange(request, url, context);
    this.gateway.onRequest(exchange);
    return exchange.answer();
  }

  close(): void {
    this.#isOpen = false;
  }

  /** Nothing is attached to. */
  stop(_server: unknown, done: (error?: Error) => void): void {
    done();
  }

  /** Accepts a handshake. @throws when it cannot be completed */
  protected accept(
    request: Request,
    options: { readonly protocol?: string },
    context: Context,
  ): UpgradedWebSocket {
    const upgraded = this.#options.upgradeWebSocket?.(request, options, ...context);
    if (upgraded === undefined) throw new Error("there are no WebSockets");
    return upgraded;
  }

  /** Attaches a WebSocket whose handshake was accepted. */
  protected open(ticket: Ticket, ws: WebSocketLike): void {
    const raw = new WebRawSocket(ws, this.sockets);
    follow(raw);
    if (ws.readyState === OPEN) this.gateway.attach(ticket, raw);
    else ws.addEventListener("open", () => this.gateway.attach(ticket, raw));
  }

  #source(request: Request, url: string, context: Context): FetchRequestSource {
    const address = () => this.addressOf(request, context);
    return new FetchRequestSource(request, url, address);
  }

  /** The client's address. */
  protected addressOf(request: Request, context: Context): string {
    return this.#options.remoteAddress?.(request, ...context) ?? "";
  }

  #exchange(request: Request, url: string, context: Context): FetchExchange {
    return new FetchExchange(this.#source(request, url, context), this.#options.httpCompression);
  }

  #upgrade(request: Request, url: string, context: Context): Response | Promise<Response> {
    if (!this.#isOpen) return new Response("", { status: 503, headers: { connection: "close" } });
    const upgrading: Upgrading = {
      gateway: this.gateway,
      accept: (raw, options) => this.accept(raw, options, context),
      open: (ticket, ws) => this.open(ticket, ws),
    };
    const upgrade = new FetchUpgrade(this.#source(request, url, context), upgrading);
    this.gateway.onUpgrade(upgrade);
    return upgrade.answer;
  }
}
