// The types of servers on this host that applications see.

import type {
  DefaultEventsMap,
  EventsMap,
  NamespaceConstructor,
  SocketConstructor,
  TypedNamespace,
  TypedRemoteSocket,
  TypedSocket,
} from "@sockeye/core";
import {
  type AnyData,
  type GivenOptions,
  type HostDiagnostics,
  type HostedDiagnostics,
  type HostedEngine,
  type HostedServerConstructor,
  type HostTypes,
  typedClasses,
} from "@sockeye/server";
import type { DenoHandler, DenoServeInfo, DenoServer } from "./deno.ts";
import { deno } from "./host.ts";
import type { DenoRequest, ServerOptions as ResolvedOptions } from "./options.ts";

/** Options of a server; `docs/reference/options.md` has meanings and defaults. */
export type ServerOptions = GivenOptions<DenoRequest, ResolvedOptions>;

/** What a server listens on: a port, or options of `Deno.serve`, of which `fetch` answers other paths. */
export type Listenable = number | string | object;

/** All points of a server on Deno. */
export interface DenoServerDiagnostics extends HostedDiagnostics {
  /** HTTP and WebSocket handshakes: `sockeye:deno:…`. */
  readonly deno: HostDiagnostics<DenoRequest>;
}

/** The engine of a server on Deno. */
export interface EngineServer
  extends HostedEngine<DenoRequest, Pick<DenoServerDiagnostics, "engine" | "deadlines" | "deno">> {
  /**
   * Handles a request or a handshake with any path, in a route of the application.
   */
  handleRequest(request: Request, info: DenoServeInfo): Response | Promise<Response>;
}

/** What servers on this host have beside those of other hosts. */
interface Entrances {
  /** Deno's server that `listen` has started last; `undefined` before. */
  readonly httpServer: DenoServer;
  /**
   * Returns the handler for `Deno.serve`. `close` of the server does not stop what is served so.
   * @param options as for the constructor, whose options win; `fetch` answers requests for other paths
   * @throws OptionError `ERR_OPTION` when options are wrong; `problems` lists all of them
   * @example Deno.serve({ port: 3000 }, io.handler({ fetch: app.fetch }));
   */
  handler(options?: ServerOptions): DenoHandler;
  /**
   * Starts a server of Deno.
   * @param source a port, or options of `Deno.serve` such as `port`, `hostname` and `cert`
   * @param options as for the constructor, whose options win
   * @returns the server
   * @throws Error `ERR_LISTEN_TARGET` when given a server that runs
   * @throws Error `ERR_LISTEN_PORT` when the port is not an integer
   * @throws OptionError `ERR_OPTION` when options are wrong; `problems` lists all of them
   * @example io.listen({ port: 443, key, cert, fetch: app.fetch });
   */
  listen(source: Listenable, options?: ServerOptions): this;
  /**
   * The same as `listen`. A server that runs cannot be attached to: Deno has one handler for all requests.
   * @param source a port, or options of `Deno.serve`
   * @param options as for the constructor, whose options win
   * @returns the server
   * @throws Error, OptionError as `listen`
   * @example io.attach(3000);
   */
  attach(source: Listenable, options?: ServerOptions): this;
}

/** The types of this host. */
interface DenoTypes extends HostTypes {
  readonly request: DenoRequest;
  readonly options: ServerOptions;
  readonly source: number | string;
  readonly entrances: Entrances;
  readonly engine: EngineServer;
  readonly diagnostics: DenoServerDiagnostics;
}

const classes = typedClasses<DenoTypes>(deno);
const Base: HostedServerConstructor<DenoTypes> = classes.Server;

/** A Socket.IO server on Deno. */
export class Server<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  SocketData = AnyData,
> extends Base<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {}

/** The class of servers on this host. */
export type DenoServerConstructor = typeof Server;

export const Socket: SocketConstructor<DenoRequest> = classes.Socket;
export const Namespace: NamespaceConstructor<DenoRequest> = classes.Namespace;

/** One client in one namespace. */
export type Socket<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  SocketData = AnyData,
> = TypedSocket<ListenEvents, EmitEvents, ServerSideEvents, SocketData, DenoRequest>;

/** A named channel; all namespaces of a client share its connection. */
export type Namespace<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  SocketData = AnyData,
> = TypedNamespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData, DenoRequest>;

/** A socket of any server of the cluster. */
export type RemoteSocket<EmitEvents extends EventsMap, SocketData> = TypedRemoteSocket<
  EmitEvents,
  SocketData,
  DenoRequest
>;
