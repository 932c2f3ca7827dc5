// The types of servers on this host that applications see.

import type { Server as HttpServer, IncomingMessage } from "node:http";
import type { Http2SecureServer, Http2Server } from "node:http2";
import type { Server as HttpsServer } from "node:https";
import type {
  BroadcastOperatorConstructor,
  DefaultEventsMap,
  EventsMap,
  NamespaceConstructor,
  SocketConstructor,
  TypedBroadcastOperator,
  TypedNamespace,
  TypedRemoteSocket,
  TypedSocket,
} from "@sockeye/core";
import {
  type AnyData,
  type GivenOptions,
  type HostedServerConstructor,
  type HostTypes,
  typedClasses,
} from "@sockeye/server";
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

/** What servers on this host have beside those of other hosts. */
interface Entrances {
  /**
   * The HTTP server that the server was attached to last; `undefined` before.
   * @example const { port } = io.httpServer.address();
   */
  readonly httpServer: HttpServer;
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

/** The types of this host. */
interface NodeTypes extends HostTypes {
  readonly request: IncomingMessage;
  readonly options: ServerOptions;
  readonly source: TypedListenable | ServerOptions | undefined;
  readonly entrances: Entrances;
  readonly engine: EngineServer;
  readonly diagnostics: NodeServerDiagnostics;
}

const classes = typedClasses<NodeTypes>(node);
const Base: HostedServerConstructor<NodeTypes> = classes.Server;

/** A Socket.IO server on Node. */
export class Server<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  SocketData = AnyData,
> extends Base<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {}

/** The class of servers on this host. */
export type NodeServerConstructor = typeof Server;

export const Socket: SocketConstructor<IncomingMessage> = classes.Socket;
export const Namespace: NamespaceConstructor<IncomingMessage> = classes.Namespace;
export const BroadcastOperator: BroadcastOperatorConstructor<IncomingMessage> =
  classes.BroadcastOperator;

/** One client in one namespace. */
export type Socket<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  SocketData = AnyData,
> = TypedSocket<ListenEvents, EmitEvents, ServerSideEvents, SocketData, IncomingMessage>;

/** A named channel; all namespaces of a client share its connection. */
export type Namespace<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  SocketData = AnyData,
> = TypedNamespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData, IncomingMessage>;

/** A socket of any server of the cluster. */
export type RemoteSocket<EmitEvents extends EventsMap, SocketData> = TypedRemoteSocket<
  EmitEvents,
  SocketData,
  IncomingMessage
>;

/** Targets sockets of one namespace. */
export type BroadcastOperator<EmitEvents extends EventsMap, SocketData> = TypedBroadcastOperator<
  EmitEvents,
  SocketData,
  IncomingMessage
>;
