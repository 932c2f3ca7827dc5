// The server on Node: the portable core, HTTP servers to listen on, and the options of both.

import { createServer, type Server as HttpServer, type IncomingMessage } from "node:http";
import { Server as CoreServer } from "@sockeye/core";
import {
  type Connection,
  type ConnectionHandler,
  type Engine,
  type EngineHooks,
  type Refusal,
  type ReplyHeaders,
  type RequestHead,
  refusal,
  type Verdict,
} from "@sockeye/engine";
import { describe } from "@sockeye/portable";
import { serialize } from "cookie";
import corsMiddleware from "cors";
import { ClientFiles } from "./client-files.ts";
import { nodeClock, nodeIdleClock } from "./clock.ts";
import { EngineFace } from "./engine-face.ts";
import { nodeFramer } from "./frame.ts";
import { Gateway } from "./gateway.ts";
import { attachToHttp } from "./http-attachment.ts";
import { resolveServerOptions, type ServerOptions } from "./options.ts";
import { passThroughRequire } from "./require-hooks.ts";

/** What a server can listen on: an HTTP, HTTPS or HTTP/2 server, or a port. */
export type Listenable = HttpServer | number | string;

function isListenable(value: unknown): value is Listenable {
  if (typeof value === "number" || typeof value === "string") return true;
  return typeof (value as { listen?: unknown } | null | undefined)?.listen === "function";
}

function surface(error: unknown): void {
  process.nextTick(() => {
    throw error;
  });
}

function warn(text: string): void {
  process.emitWarning(text, "SockeyeWarning");
}

function checkNames(unknown: readonly string[], given: object): void {
  for (const name of unknown) {
    const value = (given as Readonly<Record<string, unknown>>)[name];
    if (value === undefined || value === false) continue;
    warn(`"${name}" is not an option of the server and has no effect`);
  }
}

/** A Socket.IO server on Node. */
export class NodeServer extends CoreServer {
  readonly #given: object;
  #path: string;
  #serveClient: boolean;
  #httpServer: HttpServer | undefined;
  #engineFace: EngineFace | undefined;

  /**
   * `new Server()`, `new Server(options)`, `new Server(port, options)` or `new Server(httpServer, options)`.
   * @throws OptionError when options are wrong
   */
  constructor(source?: Listenable | object, options: object = {}) {
    const isSource = isListenable(source);
    const given: object = isSource || source == null ? options : source;
    const resolved = resolveServerOptions(given);
    super(resolved.options, {
      clock: nodeClock,
      idleClock: nodeIdleClock,
      framer: nodeFramer,
      surface,
      warn,
    });
    checkNames(resolved.unknown, given);
    passThroughRequire();
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

  /** The engine, once attached. */
  get engine(): EngineFace | undefined {
    return this.#engineFace;
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
   * Attaches to an HTTP server, or makes one that listens on a port. Options given to the constructor win.
   * @throws Error when given something else, an Express application among it
   */
  attach(source: Listenable, options: object = {}): this {
    if (typeof source === "function") {
      throw new Error(
        "You are trying to attach socket.io to an express request handler function. Please pass a http.Server instance.",
      );
    }
    const resolved = resolveServerOptions({ ...options, ...this.#given }).options;
    const port = typeof source === "string" ? Number(source) : source;
    if (typeof port === "number") {
      if (!Number.isInteger(port)) throw new TypeError(`${describe(source)} is not a port`);
      const http = createServer((_request, response) => response.writeHead(404).end());
      this.#attachTo(http, resolved);
      http.listen(port);
    } else this.#attachTo(port as HttpServer, resolved);
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
    await this.shutDown();
    this.#engineFace?.close();
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

  protected override accept(connection: Connection): ConnectionHandler {
    const peer = this.admitPeer(connection);
    if (this.#engineFace?.hasListeners("connection")) {
      this.#engineFace.raise("connection", [peer.face]);
    }
    return peer;
  }

  #attachTo(http: HttpServer, options: ServerOptions): void {
    this.#httpServer = http;
    const face = new EngineFace();
    const engine = this.createEngine(options, this.#hooks(face, options));
    const gateway = new Gateway(engine, options, (refused, request) =>
      raiseRefused(face, refused, request),
    );
    face.own({
      gateway,
      options,
      clientsCount: () => engine.connections.size,
      close: () => closeEngine(engine, gateway),
    });
    this.#engineFace = face;
    const cors =
      options.cors === undefined
        ? null
        : corsMiddleware(options.cors as corsMiddleware.CorsOptions);
    if (cors !== null) gateway.useOwn(cors);
    attachToHttp(http, gateway, { server: this, options, cors, files: new ClientFiles() });
    http.on("close", () => closeEngine(engine, gateway));
    http.on("listening", () => gateway.reopen());
  }

  #hooks(face: EngineFace, options: ServerOptions): Omit<EngineHooks, "onConnection"> {
    const { allowRequest, cookie } = options;
    const hooks: Omit<EngineHooks, "onConnection"> = {
      onRefused: (refused, request) => raiseRefused(face, refused, request),
      onHeaders: (headers, request, which) => face.raiseHeaders(headers, request, which),
      makeId: (request) => this.#makeId(face, request),
    };
    if (cookie !== undefined) {
      const { name = "io", ...attributes } = cookie;
      hooks.onSessionHeaders = (headers: ReplyHeaders, id: string) => {
        headers["set-cookie"] = [serialize(name, id, attributes)];
      };
    }
    if (allowRequest !== undefined) {
      hooks.allow = (request: RequestHead, decide: (verdict: Verdict) => void) => {
        try {
          allowRequest(request.native as IncomingMessage, (error, isAllowed) => {
            if (isAllowed) decide({ allowed: true });
            else decide(error ? { allowed: false, message: error } : { allowed: false });
          });
        } catch (error) {
          surface(error);
          decide({ allowed: false });
        }
      };
    }
    return hooks;
  }

  #makeId(face: EngineFace, request: RequestHead): string | Promise<string> {
    return face.generateId?.(request.native as IncomingMessage) ?? this.makeSessionId();
  }
}

function raiseRefused(face: EngineFace, refused: Refusal, request: RequestHead): void {
  const { code, context } = refused;
  // Always the table's text: what `allowRequest` said to the peer stands in the context.
  const { message } = refusal(code, context);
  face.raise("connection_error", [{ req: request.native, code, message, context }]);
}

function closeEngine(engine: Engine, gateway: Gateway): void {
  engine.close();
  gateway.close();
}
