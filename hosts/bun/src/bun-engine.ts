// Bun's part of one engine: what `Bun.serve` calls, and the servers that `listen` has started.

import type { Gateway, HostEngine, Mount } from "@sockeye/server";
import { refusedHandshake } from "@sockeye/websocket";
import {
  type BunHandler,
  type BunServer,
  type BunWebSocket,
  type BunWebSocketHandler,
  bunRuntime,
} from "./bun.ts";
import { bunError } from "./errors.ts";
import { BunExchange } from "./exchange.ts";
import type { BunOptions, ServerOptions } from "./options.ts";
import { BunRawSocket, type RawSocketContext } from "./raw-socket.ts";
import { BunRequestSource, pathOf } from "./request.ts";
import { responseOf } from "./response.ts";
import { batch, surface } from "./runtime.ts";
import { BunUpgrade } from "./upgrade.ts";

type Answer = Response | undefined | Promise<Response | undefined>;

/** Bun's own limit of a body, which is not lowered: other paths are the application's. */
const BODY_LIMIT = 128 * 1024 * 1024;
/** Bun's largest. The engine has its own limit of what may wait, `maxSendBufferSize`. */
const NO_LIMIT = 0xffff_ffff;

/** The part of Bun in one engine. */
export class BunEngine implements HostEngine {
  readonly #gateway: Gateway;
  readonly #options: ServerOptions;
  readonly #context: RawSocketContext;
  readonly #stopped = new WeakSet<object>();
  #isOpen = true;

  constructor(gateway: Gateway, options: ServerOptions) {
    this.#gateway = gateway;
    this.#options = options;
    const { maxHttpBufferSize: limit, perMessageDeflate: compresses } = options;
    this.#context = { gateway, batch, surface, limit, compresses };
  }

  attach(source: unknown, mount: Mount): BunServer {
    const given = typeof source === "object" ? source : { port: Number(source) };
    const { fetch, websocket } = { ...(mount.options as BunOptions), ...given };
    const handler = this.#handlerFor(mount, { fetch, websocket });
    const bun = bunRuntime();
    if (bun === undefined) throw bunError("ERR_NOT_BUN");
    return bun.serve({ ...given, ...handler });
  }

  handler(mount: Mount): BunHandler {
    return this.#handlerFor(mount, mount.options as BunOptions);
  }

  /** Frameworks want a response of each route; Bun ignores that of a handshake that was completed. */
  handleRequest(request: Request, server: BunServer): Response | Promise<Response> {
    const url = pathOf(request.url);
    if (request.headers.has("upgrade")) {
      const answer = this.#upgrade({ request, url, server });
      if (answer instanceof Promise) return answer.then((each) => each ?? new Response(null));
      return answer ?? new Response(null);
    }
    const exchange = this.#exchange(request, url, server);
    this.#gateway.onRequest(exchange);
    return exchange.answer();
  }

  close(): void {
    this.#isOpen = false;
  }

  stop(server: BunServer, done: (error?: Error) => void): void {
    if (this.#stopped.has(server)) {
      done(bunError("ERR_NOT_RUNNING"));
      return;
    }
    this.#stopped.add(server);
    server.stop().then(
      () => done(),
      (error) => done(error as Error),
    );
  }

  #handlerFor(
    mount: Mount,
    { fetch, websocket }: Pick<BunOptions, "fetch" | "websocket">,
  ): BunHandler {
    return {
      fetch: (request, server) => {
        const url = pathOf(request.url);
        const route = mount.route(url);
        if (route === null) {
          return fetch === undefined ? new Response(null, { status: 404 }) : fetch(request, server);
        }
        if (route === "engine" && mount.hasUpgrades && request.headers.has("upgrade")) {
          return this.#upgrade({ request, url, server });
        }
        const exchange = this.#exchange(request, url, server);
        mount.onRequest(route, exchange);
        return exchange.answer();
      },
      websocket: this.#callbacks(websocket),
      maxRequestBodySize: Math.max(BODY_LIMIT, this.#options.maxHttpBufferSize),
    };
  }

  #callbacks(others: BunOptions["websocket"]): BunWebSocketHandler {
    const ours = (ws: BunWebSocket): BunRawSocket | null =>
      ws.data instanceof BunRawSocket ? ws.data : null;
    const { maxHttpBufferSize, perMessageDeflate } = this.#options;
    return {
      // Bun's close frame for a longer message has the code 1009.
      maxPayloadLength: maxHttpBufferSize,
      backpressureLimit: NO_LIMIT,
      // The engine has its own heartbeat.
      idleTimeout: 0,
      sendPings: false,
      perMessageDeflate,
      open(ws) {
        const raw = ours(ws);
        if (raw === null) others?.open?.(ws);
        else raw.open(ws);
      },
      message(ws, message) {
        const raw = ours(ws);
        if (raw === null) others?.message(ws, message);
        else raw.onMessage(message);
      },
      drain(ws) {
        const raw = ours(ws);
        if (raw === null) others?.drain?.(ws);
        else raw.onWritten();
      },
      close(ws, code, reason) {
        const raw = ours(ws);
        if (raw === null) others?.close?.(ws, code, reason);
        else raw.onClosed(code, reason);
      },
    };
  }

  #exchange(request: Request, url: string, server: BunServer): BunExchange {
    const source = new BunRequestSource(request, url, server);
    return new BunExchange(source, server, this.#options.httpCompression);
  }

  #upgrade(native: {
    readonly request: Request;
    readonly url: string;
    readonly server: BunServer;
  }): Answer {
    const { request, url, server } = native;
    if (!this.#isOpen) {
      const { status, headers, message } = refusedHandshake(503, "");
      return responseOf({
        status,
        headers: { ...headers } as Record<string, string>,
        body: message,
      });
    }
    const source = new BunRequestSource(request, url, server);
    const upgrade = new BunUpgrade(source, server, this.#context);
    this.#gateway.onUpgrade(upgrade);
    return upgrade.answer();
  }
}
