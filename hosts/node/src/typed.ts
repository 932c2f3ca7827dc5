// The one place where the typed faces are attached to the runtime classes, which are not generic.

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

/** What a server can be attached to. */
export type TypedListenable =
  | HttpServer
  | HttpsServer
  | Http2Server
  | Http2SecureServer
  | number
  | string;

/** What may be left out, and changed before it is used. */
type Given<Options> = { -readonly [Name in keyof Options]?: Options[Name] };

/** Options of a server as they are given; `docs/reference` has meanings and defaults. */
export interface ServerOptions
  extends Given<
    Omit<
      ResolvedOptions,
      "cookie" | "cors" | "perMessageDeflate" | "httpCompression" | "connectionStateRecovery"
    >
  > {
  /** Restores rooms and missed packets after a short disconnection; missing values get their defaults. */
  connectionStateRecovery?: Partial<NonNullable<ResolvedOptions["connectionStateRecovery"]>>;
  /** Cross-origin requests; `true` lets pages of every origin in. */
  cors?: ResolvedOptions["cors"] | boolean;
  /** A cookie with the session id; `true` means the default cookie. */
  cookie?: CookieOptions | boolean;
  /** Compression of WebSocket messages. */
  perMessageDeflate?: ResolvedOptions["perMessageDeflate"] | boolean;
  /** Compression of polling answers. */
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
  /** The HTTP server. Present once attached. */
  readonly httpServer: HttpServer;
  /** The engine. Present once attached. */
  readonly engine: EngineServer;
  /**
   * The diagnostics points: what happens inside, for metrics, tracing and logs. One table per package; Socket.IO has none.
   * @example
   * io.diagnostics.core.packetDropped.subscribe(({ socket }) => console.warn(`${socket.id} is slow`));
   */
  readonly diagnostics: NodeServerDiagnostics;
  /** Takes the connections of another engine: whatever raises `connection` with sockets of Engine.IO. */
  bind(engine: ForeignEngine): this;
  /** The path of all requests. */
  path(): string;
  /** Sets the path of all requests. */
  path(path: string): this;
  /** Whether the browser client is served. */
  serveClient(): boolean;
  /** Sets whether the browser client is served. */
  serveClient(serve: boolean): this;
  /** Attaches to an HTTP server, or makes one that listens on a port. Options of the constructor win. */
  attach(source: TypedListenable, options?: ServerOptions): this;
  /** The same as `attach`. */
  listen(source: TypedListenable, options?: ServerOptions): this;
  /** Disconnects every socket, closes the adapters, the connections and the HTTP server. */
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

/** A peer in one namespace. */
export type Socket<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  // biome-ignore lint/suspicious/noExplicitAny: Socket.IO's default for socket data.
  SocketData = any,
> = TypedSocket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>;

/** A communication channel over shared connections. */
export type Namespace<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  // biome-ignore lint/suspicious/noExplicitAny: Socket.IO's default for socket data.
  SocketData = any,
> = TypedNamespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>;

/** An address being built. */
export type BroadcastOperator<EmitEvents extends EventsMap, SocketData> = TypedBroadcastOperator<
  EmitEvents,
  SocketData
>;

/** A socket of any server of the cluster. */
export type RemoteSocket<EmitEvents extends EventsMap, SocketData> = TypedRemoteSocket<
  EmitEvents,
  SocketData
>;
