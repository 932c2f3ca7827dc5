// The types that applications see of a server, but for those that only a host knows: they are the members of `HostTypes`.

import type {
  DefaultEventsMap,
  EventsMap,
  ForeignEngine,
  ListenerErrorHandler,
  ServerDiagnostics,
  SlowConsumerOptions,
  SlowConsumerPolicy,
  TypedServer,
  TypedSocket,
} from "@sockeye/core";
import type { EngineServerDiagnostics } from "./diagnostics.ts";
import type { DrainOptions, DrainReport } from "./drain.ts";
import type { EngineMiddleware } from "./engine-middleware.ts";
import type { EngineServer } from "./engine-server.ts";
import type { CookieOptions, ServerOptions } from "./options.ts";

/** `socket.data` where an application declares nothing. */
// biome-ignore lint/suspicious/noExplicitAny: Socket.IO's default; an application that declares nothing reads any member.
export type AnyData = any;

/** A socket that declares no events. */
type AnySocket<Request> = TypedSocket<
  DefaultEventsMap,
  DefaultEventsMap,
  DefaultEventsMap,
  AnyData,
  Request
>;

/** Options as optional, mutable properties. */
type Given<Options> = { -readonly [Name in keyof Options]?: Options[Name] };

/** Options that applications may give in more forms than the server keeps. */
type Switched =
  | "cookie"
  | "cors"
  | "httpCompression"
  | "connectionStateRecovery"
  | "onListenerError"
  | "slowConsumer";

/**
 * Options of a server as applications give them. `Resolved`: the options of a host with their defaults; a host whose own
 * options have further forms extends this.
 */
export type GivenOptions<Request, Resolved extends Pick<ServerOptions<Request>, Switched>> = Given<
  Omit<Resolved, Switched>
> &
  SwitchedOptions<Request, Resolved>;

interface SwitchedOptions<Request, Resolved extends Pick<ServerOptions<Request>, Switched>> {
  /** Restores rooms and missed packets after a short disconnection; missing values get their defaults. */
  connectionStateRecovery?: Partial<NonNullable<Resolved["connectionStateRecovery"]>>;
  /** What becomes of events for a client that does not read as fast as is sent: one policy, or policies by event. */
  slowConsumer?: SlowConsumerPolicy | SlowConsumerOptions;
  /**
   * Called with an error that code of the application threw, or with which a promise it returned was rejected. Default:
   * none; such an error is then an uncaught exception or an unhandled rejection, as with Socket.IO.
   * @param socket the socket concerned; `null` when there is none
   * @param event the event that was being handled, or a name of the code, such as `ack` or `adapter`
   * @param kind what kind of code it is: `listener`, `middleware`, `adapter` …
   */
  onListenerError?: ListenerErrorHandler<AnySocket<Request>> | undefined;
  /** Cross-origin requests; `true` allows every origin. */
  cors?: Resolved["cors"] | boolean;
  /** A cookie with the session id; `true` means the default cookie. */
  cookie?: CookieOptions | boolean;
  /** Compression of polling responses. */
  httpCompression?: Resolved["httpCompression"] | boolean;
}

/** What a host knows of the types of its servers. */
export interface HostTypes {
  /** What `socket.request` is. */
  readonly request: unknown;
  /** Options of a server as applications give them. */
  readonly options: object;
  /** What the constructor attaches to when it is the first argument; `never` where that is nothing. */
  readonly source: unknown;
  /** Members of a server that this host alone has, or declares for its runtime: `attach`, `handler`, `httpServer`. */
  readonly entrances: object;
  /** What `io.engine` is. */
  readonly engine: object;
  /** The tables of diagnostics points. */
  readonly diagnostics: HostedDiagnostics;
}

/** The diagnostics points that servers on every host have. A host adds its own. */
export interface HostedDiagnostics extends ServerDiagnostics, EngineServerDiagnostics {}

/** A Socket.IO server on a host, but for the host's entrances. */
export interface HostedServer<
  ListenEvents extends EventsMap,
  EmitEvents extends EventsMap,
  ServerSideEvents extends EventsMap,
  SocketData,
  Types extends HostTypes,
> extends TypedServer<ListenEvents, EmitEvents, ServerSideEvents, SocketData, Types["request"]> {
  /**
   * The engine of the last `attach`, `listen`, `handler` or `bind`; `undefined` before.
   * @example console.log(io.engine.clientsCount);
   */
  readonly engine: Types["engine"];
  /**
   * The diagnostics points: what happens inside, for metrics, tracing and logs. One table per package; Socket.IO has none.
   * @example
   * io.diagnostics.core.packetDropped.subscribe(({ socket }) => console.warn(`${socket.id} is slow`));
   */
  readonly diagnostics: Types["diagnostics"];
  /**
   * Accepts the connections of another engine: any object that raises `connection` with Engine.IO sockets.
   * @returns the server
   * @example io.bind(new Engine());
   */
  bind(engine: ForeignEngine): this;
  /**
   * Returns the path of all requests. Default `/socket.io`.
   * @example console.log(io.path());
   */
  path(): string;
  /**
   * Sets the path of later requests; a trailing slash is removed.
   * @returns the server
   * @example io.path("/realtime");
   */
  path(path: string): this;
  /**
   * Returns whether the browser client is served below the path. Default `true`.
   * @example console.log(io.serveClient());
   */
  serveClient(): boolean;
  /**
   * Sets whether the browser client is served below the path.
   * @returns the server
   * @example io.serveClient(false);
   */
  serveClient(serve: boolean): this;
  /**
   * Disconnects every socket, closes the adapters, the connections and what the server was attached to. Resolves when
   * that is closed.
   * @param done called with an error when it was not running; the promise resolves all the same
   * @example await io.close();
   */
  close(done?: (err?: Error) => void): Promise<void>;
  /**
   * Whether it may be given new connections: `true` from when its adapter knows the other servers, or has waited for them for
   * `requestsTimeout`, until `drain` is called.
   * @example app.get("/ready", (_request, response) => response.sendStatus(io.isReady ? 200 : 503));
   */
  readonly isReady: boolean;
  /**
   * Moves the clients to other servers behind the same balancer, then closes: readiness is false at once, handshakes are refused with
   * 503, connections are closed a few at a time, those with acknowledgements in flight last, and clients reconnect by themselves. Socket.IO
   * has no such method. A second call resolves with the first.
   * @throws (rejects with) RangeError when an option is no number, or negative
   * @example
   * process.once("SIGTERM", async () => {
   *   await io.drain({ delay: 5000, rate: 200, deadline: 60_000 });
   *   process.exit(0);
   * });
   */
  drain(options?: DrainOptions): Promise<DrainReport>;
}

/** The engine of a server on a host. `Points`: the tables of its diagnostics points. */
export interface HostedEngine<Request, Points>
  extends Omit<
    EngineServer,
    "attach" | "diagnostics" | "generateId" | "handleRequest" | "handleUpgrade" | "handler" | "use"
  > {
  /** The diagnostics points of the engine, its deadlines and this host. */
  readonly diagnostics: Points;
  /** Generates a session id. Applications may replace it by a function of their own, which may return a promise. */
  generateId(request: Request): string | PromiseLike<string>;
  /** Adds a middleware in front of every request and WebSocket handshake. */
  use(middleware: EngineMiddleware<Request>): this;
}
