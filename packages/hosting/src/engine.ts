// The part of a runtime that speaks Request and Response in one engine: what it calls with requests, and the servers that
// were started. A host extends it with how a handshake is completed.

import {
  type Gateway,
  type HostEngine,
  type Mount,
  type ServerOptions,
  serverError,
} from "@sockeye/server";
import { type ExchangeContext, exchangeContext, WebExchange } from "./exchange.ts";
import { pathOf, WebSource } from "./request.ts";
import { responseOf } from "./response.ts";
import type { WebRuntime } from "./runtime.ts";
import { type Completing, type Handshake, WebUpgrade } from "./upgrade.ts";

/** What a handler returns. `Done`: the answer to a handshake that was completed. */
export type WebAnswer<Done = Response> = Response | Done | Promise<Response | Done>;

/** What answers requests: `request`, and what the runtime calls its handler with besides. */
export type WebHandler<Native, Done = Response> = (
  request: Request,
  native: Native,
) => WebAnswer<Done>;

const NOT_OPEN = { status: 503, headers: { connection: "close" }, body: "" };

/** The part of a runtime in one engine. */
export abstract class WebEngine<Native, Done = Response>
  implements HostEngine, Completing<Native, Done>
{
  readonly gateway: Gateway;
  readonly #runtime: WebRuntime<Native>;
  readonly #exchanges: ExchangeContext<Native>;
  readonly #stopped = new WeakSet<object>();
  #isOpen = true;

  constructor(
    gateway: Gateway,
    runtime: WebRuntime<Native>,
    { httpCompression }: Pick<ServerOptions, "httpCompression">,
  ) {
    this.gateway = gateway;
    this.#runtime = runtime;
    this.#exchanges = exchangeContext(runtime, httpCompression);
  }

  abstract attach(source: unknown, mount: Mount): unknown;

  abstract complete(handshake: Handshake<Native>): Done | null;

  /** The handler for the requests of a mount; others go to `others`. */
  serve(mount: Mount, others: WebHandler<Native, Done> | undefined): WebHandler<Native, Done> {
    return (request, native) => {
      const url = pathOf(request.url);
      const route = mount.route(url);
      if (route === null) {
        return others === undefined ? new Response(null, { status: 404 }) : others(request, native);
      }
      const source = new WebSource({ request, native, url }, this.#runtime);
      if (route === "engine" && mount.hasUpgrades && request.headers.has("upgrade")) {
        return this.#upgrade(source);
      }
      const exchange = new WebExchange(source, this.#exchanges);
      mount.onRequest(route, exchange);
      return exchange.answer();
    };
  }

  /** Passes a request or a handshake with any path to the gateway. */
  protected pass(request: Request, native: Native): WebAnswer<Done> {
    const source = new WebSource({ request, native, url: pathOf(request.url) }, this.#runtime);
    if (request.headers.has("upgrade")) return this.#upgrade(source);
    const exchange = new WebExchange(source, this.#exchanges);
    this.gateway.onRequest(exchange);
    return exchange.answer();
  }

  close(): void {
    this.#isOpen = false;
  }

  /** Nothing runs, unless a host starts servers: it calls `stopOnce`. */
  stop(_server: unknown, done: (error?: Error) => void): void {
    done();
  }

  /** Stops a server by `stop`; a second time `done` is called with the error `ERR_NOT_RUNNING`. */
  protected stopOnce(
    server: object,
    done: (error?: Error) => void,
    stop: () => Promise<unknown>,
  ): void {
    if (this.#stopped.has(server)) {
      done(serverError("ERR_NOT_RUNNING"));
      return;
    }
    this.#stopped.add(server);
    stop().then(
      () => done(),
      (error) => done(error as Error),
    );
  }

  #upgrade(source: WebSource<Native>): WebAnswer<Done> {
    if (!this.#isOpen) return responseOf(NOT_OPEN);
    const upgrade = new WebUpgrade<Native, Done>(source, this);
    this.gateway.onUpgrade(upgrade);
    return upgrade.reply();
  }
}
