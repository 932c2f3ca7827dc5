// The engine on Node as applications know it, with Node's types: `io.engine`, and `new Server()` of `@sockeye/node/engine`.

import type { Server as HttpServer, IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type {
  AttachOptions as AnyAttachOptions,
  EngineServer as AnyEngineServer,
  EngineMiddleware as AnyMiddleware,
  HostedEngine,
} from "@sockeye/server";
import type { EngineServerDiagnostics } from "../diagnostics.ts";
import { node } from "../host.ts";
import type { ServerOptions } from "../options.ts";

/** A middleware in the form of Express. */
export type EngineMiddleware = AnyMiddleware<IncomingMessage, ServerResponse>;

/** How an engine is attached to an HTTP server. */
export interface AttachOptions extends AnyAttachOptions {
  /** Whether upgrade requests for other paths are closed when no listener answers them. Default `true`. */
  readonly destroyUpgrade?: boolean;
  /** How many milliseconds they may wait for an answer. Default 1000. */
  readonly destroyUpgradeTimeout?: number;
}

/**
 * An engine on Node. Raises `connection` with each connection, `connection_error` with
 * `{ req, code, message, context }` for each refused request, `initial_headers` and `headers` with
 * `(headers, request)`, `flush` with `(connection, packets)` and `drain` with the connection.
 */
export interface EngineServer
  extends Omit<HostedEngine<IncomingMessage, EngineServerDiagnostics>, "cors" | "opts" | "use"> {
  /** Set by `listen`. */
  httpServer: HttpServer | undefined;
  /** The options, with their defaults; they cannot be changed. */
  readonly opts: ServerOptions;
  /** The middleware for cross-origin requests, if configured. */
  readonly cors: EngineMiddleware | null;
  /** Adds a middleware in front of every request and WebSocket handshake. */
  use(middleware: EngineMiddleware): this;
  /** Handles an HTTP request with any path. */
  handleRequest(request: IncomingMessage, response: ServerResponse): void;
  /** Handles a WebSocket handshake with any path. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Handles the requests of an HTTP server for one path; others are passed to the existing listeners. */
  attach(http: HttpServer, options?: AttachOptions): void;
}

/** The class of engines on Node. */
interface EngineServerConstructor extends Pick<typeof AnyEngineServer, "errors" | "errorMessages"> {
  /**
   * `options` are those of the engine and of the Node host.
   * @throws OptionError when options are wrong
   */
  new (options?: object): EngineServer;
  readonly prototype: EngineServer;
}

export const EngineServer: EngineServerConstructor =
  node.Engine as unknown as EngineServerConstructor;
