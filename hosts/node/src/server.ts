// The server on Node: the portable core, HTTP servers to listen on, and the options of both.

import { createServer, type Server as HttpServer } from "node:http";
import { Server as CoreServer, type ForeignEngine, runtimeOf } from "@sockeye/core";
import { describe } from "@sockeye/portable";
import { ClientFiles } from "./client-files.ts";
import { nodeClock, nodeIdleClock } from "./clock.ts";
import { debugServer } from "./debug.ts";
import {
  createNodeDiagnostics,
  type NodeDiagnostics,
  type NodeServerDiagnostics,
  nodeChannel,
} from "./diagnostics.ts";
import { surface } from "./engine/engine-hooks.ts";
import { EngineServer } from "./engine/engine-server.ts";
import { nodeError } from "./errors.ts";
import { nodeFramer } from "./frame.ts";
import { showSockets } from "./inspection.ts";
import { refuseOldNode } from "./node-release.ts";
import { resolveServerOptions, type ServerOptions } from "./options.ts";
import { warn, warnOfTaken, warnOfUnknown } from "./warnings.ts";

/** An HTTP, HTTPS or HTTP/2 server, or a port. */
export type Listenable = HttpServer | number | string;

showSockets();

function isListenable(value: unknown): value is Listenable {
  if (typeof value === "number" || typeof value === "string") return true;
  return typeof (value as { listen?: unknown } | null | undefined)?.listen === "function";
}

/** A Socket.IO server on Node. */
export class NodeServer extends CoreServer {
  readonly #given: object;
  readonly #points: NodeDiagnostics;
  #path: string;
  #serveClient: boolean;
  #httpServer: HttpServer | undefined;
  /** The engine that was attached or bound last, as applications see it. */
  #engine: EngineServer | undefined;
  #attached: EngineServer | undefined;

  /**
   * `new Server()`, `new Server(options)`, `new Server(port, options)` or `new Server(httpServer, options)`.
   * @throws OptionError when options are wrong
   */
  constructor(source?: Listenable | object, options: object = {}) {
    refuseOldNode(process.versions.node);
    const isSource = isListenable(source);
    const given: object = isSource || source == null ? options : source;
    const resolved = resolveServerOptions(given);
    super(resolved.options, {
      clock: nodeClock,
      idleClock: nodeIdleClock,
      framer: nodeFramer,
      afterTurn: setImmediate,
      surface,
      warn,
      channel: nodeChannel,
    });
    const { userCode } = runtimeOf(this).services;
    this.#points = createNodeDiagnostics({
      channel: nodeChannel,
      onFault: ({ error, point }) =>
        userCode.failed(error, { target: null, socket: null, event: point }),
    });
    debugServer(this.diagnostics);
    warnOfUnknown(resolved.unknown, given);
    warnOfTaken(resolved.remarks);
    this.#given = given;
    this.#path = resolved.options.path;
    this.#serveClient = resolved.options.serveClient;
    if (isSource) this.attach(source);
    else if (typeof source === "function") this.attach(source as unknown as HttpServer);
  }

  /** The HTTP server, once attached. */
  get httpServer(): HttpServer | undefined {
    return this.#httpServer;
  }

  override get diagnostics(): NodeServerDiagnostics {
    return { ...super.diagnostics, node: this.#points };
  }

  /** The engine, once attached. */
  get engine(): EngineServer | undefined {
    return this.#engine;
  }

  /** The same, under its former name. */
  get eio(): EngineServer | undefined {
    return this.#engine;
  }

  /** The path of all requests; sets it when given. */
  path(): string;
  path(path: string): this;
  path(path?: string): this | string {
    if (path === undefined) return this.#path;
    this.#path = path.replace(/\/$/, "");
    return this;
  }

  /** Whether the browser client is served; sets it when given. */
  serveClient(): boolean;
  serveClient(serve: boolean): this;
  serveClient(serve?: boolean): this | boolean {
    if (serve === undefined) return this.#serveClient;
    this.#serveClient = serve;
    return this;
  }

  /**
   * Attaches to an HTTP server, or creates one that listens on a port. Options of the constructor win.
   * @throws Error `ERR_LISTEN_TARGET` when given a request handler, such as an Express application
   * @throws Error `ERR_LISTEN_PORT` when the port is not an integer
   */
  attach(source: Listenable, options: object = {}): this {
    if (typeof source === "function") {
      throw nodeError("ERR_LISTEN_TARGET");
    }
    const { options: resolved, remarks } = resolveServerOptions({ ...options, ...this.#given });
    const given = this.#given;
    // The constructor has warned of its own.
    warnOfTaken(remarks.filter(({ name }) => !Object.hasOwn(given, name)));
    const path = Object.hasOwn(given, "path") || !("path" in options) ? null : resolved.path;
    const port = typeof source === "string" ? Number(source) : source;
    if (typeof port === "number") {
      if (!Number.isInteger(port)) throw nodeError("ERR_LISTEN_PORT", describe(source));
      const http = createServer((_request, response) => response.writeHead(404).end());
      this.#attachTo(http, resolved, path);
      http.listen(port);
    } else this.#attachTo(port as HttpServer, resolved, path);
    return this;
  }

  /** The same as `attach`. */
  listen(source: Listenable, options: object = {}): this {
    return this.attach(source, options);
  }

  /**
   * Disconnects every socket, closes the adapters, the connections and the HTTP server.
   * `done` is called with an error when the HTTP server was not running; the promise resolves all the same.
   */
  async close(done?: (error?: Error) => void): Promise<void> {
    await runtimeOf(this).shutDown();
    this.#attached?.close();
    const http = this.#httpServer;
    if (http === undefined) {
      done?.();
      return;
    }
    await new Promise<void>((resolve) => {
      http.close((error) => {
        done?.(error);
        resolve();
      });
    });
  }

  /** Accepts the connections of another engine, which handles its own requests. */
  override bind(engine: ForeignEngine): this {
    this.#engine = engine as EngineServer & ForeignEngine;
    return super.bind(engine);
  }

  /** `path`: that of this HTTP server, when it is not the server's. */
  #attachTo(http: HttpServer, options: ServerOptions, path: string | null): void {
    this.#httpServer = http;
    const runtime = runtimeOf(this);
    const { makeSessionId, userCode } = runtime.services;
    const engine = new EngineServer(undefined, {
      options,
      userCode,
      diagnostics: this.diagnostics,
      makeSessionId,
      makeEngine: (hooks, server) =>
        runtime.createEngine(options, hooks, (_, connection) => server.onOpened(connection)),
    });
    this.#engine = engine;
    this.#attached = engine;
    const { addTrailingSlash, destroyUpgrade, destroyUpgradeTimeout } = options;
    const { cors } = engine;
    const files = {
      ...{ served: new ClientFiles(), cors },
      ...{ isServing: () => this.#serveClient, path: () => this.#path },
    };
    engine.attachFor(http, {
      ...{ path: () => path ?? this.#path, files, addTrailingSlash },
      ...{ destroyUpgrade, destroyUpgradeTimeout },
    });
  }
}
