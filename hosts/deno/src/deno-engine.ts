// Deno's part of one engine: what `Deno.serve` calls, and the servers that `listen` has started.

import type { Gateway, HostEngine, Mount } from "@sockeye/server";
import { type DenoHandler, type DenoServeInfo, type DenoServer, denoRuntime } from "./deno.ts";
import { denoError } from "./errors.ts";
import { DenoExchange } from "./exchange.ts";
import type { DenoOptions, ServerOptions } from "./options.ts";
import { DenoRequestSource, pathOf } from "./request.ts";
import { denoClock, surface } from "./runtime.ts";
import { DenoUpgrade, type UpgradeContext } from "./upgrade.ts";
import { denoQuic, serveSessions } from "./web-transport.ts";

const MILLISECONDS = 1000;

type Native = { readonly request: Request; readonly url: string; readonly info: DenoServeInfo };

/** The part of Deno in one engine. */
export class DenoEngine implements HostEngine {
  readonly #gateway: Gateway;
  readonly #options: ServerOptions;
  readonly #context: UpgradeContext;
  readonly #stopped = new WeakSet<object>();
  /** What stops QUIC beside the servers that `attach` has returned. */
  readonly #quic = new WeakMap<object, () => Promise<void>>();
  #isOpen = true;

  constructor(gateway: Gateway, options: ServerOptions) {
    const { maxHttpBufferSize: limit, pingInterval, pingTimeout } = options;
    this.#gateway = gateway;
    this.#options = options;
    // Longer than the engine's own heartbeat: it only matters once the engine has given a client up.
    const idleTimeout = Math.ceil((pingInterval + pingTimeout) / MILLISECONDS);
    this.#context = { gateway, idleTimeout, limit, clock: denoClock, surface };
  }

  attach(source: unknown, mount: Mount): DenoServer {
    const given = { ...(typeof source === "object" ? source : { port: Number(source) }) };
    const { fetch } = { ...(mount.options as DenoOptions), ...given };
    const deno = denoRuntime();
    if (deno === undefined) throw denoError("ERR_NOT_DENO");
    const quic = mount.hasSessions && "cert" in given ? denoQuic() : null;
    // By default Deno prints where it listens.
    const server = deno.serve({ onListen: () => {}, ...given }, this.#handlerFor(mount, fetch));
    if (quic !== null) {
      const { port = 0 } = server.addr;
      this.#quic.set(server, serveSessions(quic, mount, { ...this.#options, ...given, port }));
    }
    return server;
  }

  handler(mount: Mount): DenoHandler {
    return this.#handlerFor(mount, (mount.options as DenoOptions).fetch);
  }

  handleRequest(request: Request, info: DenoServeInfo): Response | Promise<Response> {
    const native = { request, url: pathOf(request.url), info };
    if (request.headers.has("upgrade")) return this.#upgrade(native);
    const exchange = this.#exchange(native);
    this.#gateway.onRequest(exchange);
    return exchange.answer();
  }

  close(): void {
    this.#isOpen = false;
  }

  stop(server: DenoServer, done: (error?: Error) => void): void {
    if (this.#stopped.has(server)) {
      done(denoError("ERR_NOT_RUNNING"));
      return;
    }
    this.#stopped.add(server);
    Promise.all([server.shutdown(), this.#quic.get(server)?.()]).then(
      () => done(),
      (error) => done(error as Error),
    );
  }

  #handlerFor(mount: Mount, fetch: DenoOptions["fetch"]): DenoHandler {
    return (request, info) => {
      const native = { request, url: pathOf(request.url), info };
      const route = mount.route(native.url);
      if (route === null) {
        return fetch === undefined ? new Response(null, { status: 404 }) : fetch(request, info);
      }
      if (route === "engine" && mount.hasUpgrades && request.headers.has("upgrade")) {
        return this.#upgrade(native);
      }
      const exchange = this.#exchange(native);
      mount.onRequest(route, exchange);
      return exchange.answer();
    };
  }

  #exchange({ request, url, info }: Native): DenoExchange {
    const source = new DenoRequestSource(request, url, info);
    return new DenoExchange(source, this.#options.httpCompression);
  }

  #upgrade({ request, url, info }: Native): Response | Promise<Response> {
    if (!this.#isOpen) return new Response("", { status: 503, headers: { connection: "close" } });
    const upgrade = new DenoUpgrade(new DenoRequestSource(request, url, info), this.#context);
    this.#gateway.onUpgrade(upgrade);
    return upgrade.answer;
  }
}
