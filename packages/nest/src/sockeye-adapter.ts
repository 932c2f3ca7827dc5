// The adapter: makes servers for gateways, and binds the methods of gateways to events.

import type { Server as HttpServer } from "node:http";
import { Server, type ServerOptions } from "@sockeye/node";
import type {
  Acknowledge,
  GatewayOptions,
  GatewayServer,
  GatewaySocket,
  MessageHandler,
  NestApplication,
  Subscription,
  ToResults,
} from "./shapes.ts";
import { isHttpServer } from "./shapes.ts";

/** Options of the adapter. */
export interface SockeyeAdapterOptions extends Partial<ServerOptions> {
  /** Called with each new server, before any client connects: for authentication, presence, metrics. */
  readonly onServer?: (io: Server) => void;
}

const isNothing = (value: unknown): value is null | undefined =>
  value === null || value === undefined;

/** The arguments of an event as a gateway's method gets them: the only one by itself, several as a list. */
function received(args: unknown[]): { data: unknown; ack: Acknowledge | undefined } {
  const last = args.at(-1);
  const ack = typeof last === "function" ? (last as Acknowledge) : undefined;
  const values = ack === undefined ? args : args.slice(0, -1);
  return { data: values.length > 1 ? values : values[0], ack };
}

/** A result that names an event is sent as that event, as Nest's documentation says. */
function asEvent(result: unknown): { event: string; data: unknown } | undefined {
  const named = result as { event?: unknown; data?: unknown };
  if (typeof result !== "object" || typeof named.event !== "string") return undefined;
  return named.event === "" ? undefined : { event: named.event, data: named.data };
}

/**
 * Lets gateways of Nest run on Sockeye's server: rooms, namespaces, acknowledgements, guards, pipes and interceptors as with
 * Nest's own adapter, and clients of Sockeye and Socket.IO.
 * @example
 * const app = await NestFactory.create(AppModule);
 * app.useWebSocketAdapter(new SockeyeAdapter(app, { connectionStateRecovery: {} }));
 */
export class SockeyeAdapter {
  readonly #http: HttpServer | undefined;
  readonly #options: Partial<ServerOptions>;
  readonly #onServer: (io: Server) => void;

  /**
   * @param app whose HTTP server is used by gateways without a port of their own; or that HTTP server
   * @param options of all servers; those of a gateway's decorator go before them
   */
  constructor(app?: NestApplication | HttpServer, options: SockeyeAdapterOptions = {}) {
    const { onServer = () => {}, ...rest } = options;
    this.#http = app === undefined || isHttpServer(app) ? app : (app.getHttpServer() as HttpServer);
    this.#options = rest;
    this.#onServer = onServer;
  }

  /**
   * Makes the server of a gateway, or its namespace on the server of another gateway. Called by Nest.
   * @param port of the gateway; 0 for the application's own
   * @example adapter.create(0, { namespace: "/chat" });
   */
  create(port: number, { namespace, server, ...options }: GatewayOptions = {}): GatewayServer {
    const io = server !== undefined && "of" in server ? server : this.#listen(port, options);
    return namespace === undefined ? io : io.of(namespace);
  }

  /**
   * Calls `callback` with each socket. Called by Nest.
   * @example adapter.bindClientConnect(server, (socket) => join(socket));
   */
  bindClientConnect(server: GatewayServer, callback: (...args: unknown[]) => void): void {
    server.on("connection", callback);
  }

  /**
   * Calls `callback` when the socket has disconnected. Called by Nest.
   * @example adapter.bindClientDisconnect(socket, (reason) => leave(reason));
   */
  bindClientDisconnect(socket: GatewaySocket, callback: (...args: unknown[]) => void): void {
    socket.on("disconnect", callback);
  }

  /**
   * Binds the methods of a gateway to the events of a socket. Called by Nest.
   * @param toResults makes results of what a method gives
   * @example adapter.bindMessageHandlers(socket, handlers, (given) => from(given));
   */
  bindMessageHandlers(
    socket: GatewaySocket,
    handlers: readonly MessageHandler[],
    toResults: ToResults,
  ): void {
    // Results may come for as long as the socket is there, as those of an interval.
    const running = new Set<Subscription>();
    for (const { message, callback, isAckHandledManually = false } of handlers) {
      socket.on(message, (...args: unknown[]) => {
        const { data, ack } = received(args);
        const next = (result: unknown): void => {
          if (isNothing(result)) return;
          const named = asEvent(result);
          if (named !== undefined) socket.emit(named.event, named.data);
          else if (!isAckHandledManually) ack?.(result);
        };
        let isOver = false;
        const over = (): void => {
          isOver = true;
          if (subscription !== undefined) running.delete(subscription);
        };
        // What a method throws has been through Nest's filters; this is what they let through, and nothing for clients.
        const error = (): void => {
          over();
          socket.emit("exception", { status: "error", message: "Internal server error" });
        };
        let subscription: Subscription | undefined;
        subscription = toResults(callback(data, ack)).subscribe({ next, error, complete: over });
        if (!isOver) running.add(subscription);
      });
    }
    socket.once("disconnect", () => {
      for (const subscription of running) subscription.unsubscribe();
    });
  }

  /**
   * Closes the server of a gateway, with its connections. A namespace ends with its server. Called by Nest.
   * @example await adapter.close(server);
   */
  async close(server: GatewayServer): Promise<void> {
    if ("close" in server) await server.close();
  }

  #listen(port: number, options: Partial<ServerOptions>): Server {
    const all = { ...this.#options, ...options };
    const isShared = port === 0 && this.#http !== undefined;
    const io = isShared ? new Server(this.#http, all) : new Server(port, all);
    this.#onServer(io);
    return io;
  }
}
