// The only file that casts the runtime classes, which are not generic, to the generic types that applications see.

import type { Server as HttpServer, IncomingMessage } from "node:http";
import type { Http2SecureServer, Http2Server } from "node:http2";
import type { Server as HttpsServer } from "node:https";
import {
  type BroadcastOperatorConstructor,
  BroadcastOperator as CoreBroadcastOperator,
  Namespace as CoreNamespace,
  Socket as CoreSocket,
  type DefaultEventsMap,
  type EventsMap,
  type ForeignEngine,
  type NamespaceConstructor,
  type SocketConstructor,
  type TypedBroadcastOperator,
  type TypedNamespace,
  type TypedRemoteSocket,
  type TypedServer,
  type TypedSocket,
} from "@sockeye/core";
import type { NodeServerDiagnostics } from "./diagnostics.ts";
import type { EngineServer } from "./engine/engine-server.ts";
import type { CookieOptions, ServerOptions as ResolvedOptions } from "./options.ts";
import { NodeServer } from "./server.ts";

declare module "@sockeye/core" {
  interface HostTypes {
    request: IncomingMessage;
  }
}

/** An HTTP, HTTPS or HTTP/2 server, or a port. */
export type TypedListenable =
  | HttpServer
  | HttpsServer
  | Http2Server
  | Http2SecureServer
  | number
  | string;

/** Options as optional, mutable properties. */
type Given<Options> = { -readonly [Name in keyof Options]?: Options[Name] };

/** Options of a server; `docs/reference/options.md` has meanings and defaults. */
export interface ServerOptions
  extends Given<
    Omit<
      ResolvedOptions,
      | ("cookie" | "cors" | "perMessageDeflate" | "httpCompression")
      | ("connectionStateRecovery" | "onListenerError")
    >
  > {
  /** Restores rooms and missed packets after a short disconnection; missing values get their defaults. */
  connectionStateRecovery?: Partial<NonNullable<ResolvedOptions["connectionStateRecovery"]>>;
  /**
   * Called with an error that code of the application threw, or with which a promise it returned was rejected. Default:
   * none; such an error is then an uncaught exception or an unhandled rejection, as with Socket.IO.
   * @param socket the socket concerned; `null` when there is none
   * @param event the event that was being handled, or the kind of code, such as `ack` or `adapter`
   */
  onListenerError?: ((error: unknown, socket: Socket | null, event: string) => void) | undefined;
  /** Cross-origin requests; `true` allows every origin. */
  cors?: ResolvedOptions["cors"] | boolean;
  /** A cookie with the session id; `true` means the default cookie. */
  cookie?: CookieOptions | boolean;
  /** Compression of WebSocket messages. */
  perMessageDeflate?: ResolvedOptions["perMessageDeflate"] | boolean;
  /** Compression of polling responses. */
  httpCompression?: ResolvedOptions["httpCompression"] | boolean;
}

/** A Socket.IO server on Node. */
export interface Server<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  // biome-ignore lint/suspicious/noExplicitAny: Socket.IO's default; an application that declares nothing reads any member.
  SocketData = any,
> extends TypedServer<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {
  /** The HTTP server that the server was attached to last; `undefined` before. */
  readonly httpServer: HttpServer;
  /** The engine that was attached or bound last; `undefined` before. */
  readonly engine: EngineServer;
  /**
   * The diagnostics points: what happens inside, for metrics, tracing and logs. One table per package; Socket.IO has none.
   * @example
   * io.diagnostics.core.packetDropped.subscribe(({ socket }) => console.warn(`${socket.id} is slow`));
   */
  readonly diagnostics: NodeServerDiagnostics;
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
   * Attaches to an HTTP server, or creates one that listens on a port.
   * @param source an HTTP, HTTPS or HTTP/2 server, or a port
   * @param options as for the constructor, whose options win
   * @returns the server
   * @throws Error `ERR_LISTEN_TARGET` when given a request handler, such as an Express application
   * @throws Error `ERR_LISTEN_PORT` when the port is not an integer
   * @throws OptionError `ERR_OPTION` when options are wrong; `problems` lists all of them
   * @example io.attach(createServer().listen(3000));
   */
  attach(source: TypedListenable, options?: ServerOptions): this;
  /**
   * The same as `attach`.
   * @param source an HTTP, HTTPS or HTTP/2 server, or a port
   * @param options as for the constructor, whose options win
   * @returns the server
   * @throws Error, OptionError as `attach`
   * @example io.listen(3000);
   */
  listen(source: TypedListenable, options?: ServerOptions): this;
  /**
   * Disconnects every socket, closes the adapters, the connections and the HTTP server. Resolves when the HTTP server
   * is closed.
   * @param done called with the HTTP server's error when it was not listening; the promise resolves all the same
   * @example await io.close();
   */
  close(done?: (err?: Error) => void): Promise<void>;
}

/** The class of servers on Node. */
export interface NodeServerConstructor {
  new <
    ListenEvents extends EventsMap = DefaultEventsMap,
    EmitEvents extends EventsMap = ListenEvents,
    ServerSideEvents extends EventsMap = DefaultEventsMap,
    // biome-ignore lint/suspicious/noExplicitAny: Socket.IO's default for socket data.
    SocketData = any,
  >(
    options?: ServerOptions,
  ): Server<ListenEvents, EmitEvents, ServerSideEvents, SocketData>;
  new <
    ListenEvents extends EventsMap = DefaultEventsMap,
    EmitEvents extends EventsMap = ListenEvents,
    ServerSideEvents extends EventsMap = DefaultEventsMap,
    // biome-ignore lint/suspicious/noExplicitAny: Socket.IO's default for socket data.
    SocketData = any,
  >(
    source?: TypedListenable,
    options?: ServerOptions,
  ): Server<ListenEvents, EmitEvents, ServerSideEvents, SocketData>;
  new <
    ListenEvents extends EventsMap = DefaultEventsMap,
    EmitEvents extends EventsMap = ListenEvents,
    ServerSideEvents extends EventsMap = DefaultEventsMap,
    // biome-ignore lint/suspicious/noExplicitAny: Socket.IO's default for socket data.
    SocketData = any,
  >(
    source?: TypedListenable | ServerOptions,
    options?: ServerOptions,
  ): Server<ListenEvents, EmitEvents, ServerSideEvents, SocketData>;
  // biome-ignore lint/suspicious/noExplicitAny: `instanceof` cannot know the events.
  readonly prototype: Server<any, any, any, any>;
}

export const Server: NodeServerConstructor = NodeServer as unknown as NodeServerConstructor;
export const Socket: SocketConstructor = CoreSocket as unknown as SocketConstructor;
export const Namespace: NamespaceConstructor = CoreNamespace as unknown as NamespaceConstructor;
export const BroadcastOperator: BroadcastOperatorConstructor =
  CoreBroadcastOperator as unknown as BroadcastOperatorConstructor;

/** One client in one namespace. */
export type Socket<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  // biome-ignore lint/suspicious/noExplicitAny: Socket.IO's default for socket data.
  SocketData = any,
> = TypedSocket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>;

/** A named channel; all namespaces of a client share its connection. */
export type Namespace<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  // biome-ignore lint/suspicious/noExplicitAny: Socket.IO's default for socket data.
  SocketData = any,
> = TypedNamespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>;

/** Targets sockets of one namespace. */
export type BroadcastOperator<EmitEvents extends EventsMap, SocketData> = TypedBroadcastOperator<
  EmitEvents,
  SocketData
>;

/** A socket of any server of the cluster. */
export type RemoteSocket<EmitEvents extends EventsMap, SocketData> = TypedRemoteSocket<
  EmitEvents,
  SocketData
>;
