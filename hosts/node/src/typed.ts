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
  type NamespaceConstructor,
  type SocketConstructor,
  type TypedBroadcastOperator,
  type TypedNamespace,
  type TypedRemoteSocket,
  type TypedSocket,
} from "@sockeye/core";
import type { GivenOptions, HostedServer } from "@sockeye/server";
import type { NodeServerDiagnostics } from "./diagnostics.ts";
import type { EngineServer } from "./engine/engine-server.ts";
import { node } from "./host.ts";
import type { ServerOptions as ResolvedOptions } from "./options.ts";

/** An HTTP, HTTPS or HTTP/2 server, or a port. */
export type TypedListenable =
  | HttpServer
  | HttpsServer
  | Http2Server
  | Http2SecureServer
  | number
  | string;

/** Options of a server; `docs/reference/options.md` has meanings and defaults. */
export interface ServerOptions
  extends Omit<GivenOptions<IncomingMessage, ResolvedOptions>, "perMessageDeflate"> {
  /** Compression of WebSocket messages. */
  perMessageDeflate?: ResolvedOptions["perMessageDeflate"] | boolean;
}

/** A Socket.IO server on Node. */
export interface Server<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  // biome-ignore lint/suspicious/noExplicitAny: Socket.IO's default; an application that declares nothing reads any member.
  SocketData = any,
> extends HostedServer<ListenEvents, EmitEvents, ServerSideEvents, SocketData, IncomingMessage> {
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

export const Server: NodeServerConstructor = node.Server as unknown as NodeServerConstructor;
export const Socket: SocketConstructor<IncomingMessage> =
  CoreSocket as unknown as SocketConstructor<IncomingMessage>;
export const Namespace: NamespaceConstructor<IncomingMessage> =
  CoreNamespace as unknown as NamespaceConstructor<IncomingMessage>;
export const BroadcastOperator: BroadcastOperatorConstructor<IncomingMessage> =
  CoreBroadcastOperator as unknown as BroadcastOperatorConstructor<IncomingMessage>;

/** One client in one namespace. */
export type Socket<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  // biome-ignore lint/suspicious/noExplicitAny: Socket.IO's default for socket data.
  SocketData = any,
> = TypedSocket<ListenEvents, EmitEvents, ServerSideEvents, SocketData, IncomingMessage>;

/** A named channel; all namespaces of a client share its connection. */
export type Namespace<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  // biome-ignore lint/suspicious/noExplicitAny: Socket.IO's default for socket data.
  SocketData = any,
> = TypedNamespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData, IncomingMessage>;

/** Targets sockets of one namespace. */
export type BroadcastOperator<EmitEvents extends EventsMap, SocketData> = TypedBroadcastOperator<
  EmitEvents,
  SocketData,
  IncomingMessage
>;

/** A socket of any server of the cluster. */
export type RemoteSocket<EmitEvents extends EventsMap, SocketData> = TypedRemoteSocket<
  EmitEvents,
  SocketData,
  IncomingMessage
>;
