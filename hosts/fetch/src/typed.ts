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
import { web } from "./host.ts";
import type { FetchRequest, ServerOptions as ResolvedOptions } from "./options.ts";
import type { FetchHandler } from "./web.ts";

/** Options of a server; `docs/reference/options.md` has meanings and defaults. */
export type ServerOptions = GivenOptions<FetchRequest, ResolvedOptions>;

/** All points of a server over Request and Response. */
export interface FetchServerDiagnostics extends HostedDiagnostics {
  /** HTTP and WebSocket handshakes: `sockeye:fetch:…`. */
  readonly fetch: HostDiagnostics<FetchRequest>;
}

/** The engine of a server over Request and Response. */
export interface EngineServer
  extends HostedEngine<
    FetchRequest,
    Pick<FetchServerDiagnostics, "engine" | "deadlines" | "fetch">
  > {
  /**
   * Handles a request or a handshake with any path, in a route of the application.
   */
  handleRequest(request: Request, ...context: unknown[]): Response | Promise<Response>;
}

/** What servers on this host have beside those of other hosts. */
interface Entrances {
  /**
   * Returns the handler for the runtime's HTTP server.
   * @param options as for the constructor, whose options win; `fetch` answers requests for other paths
   * @throws OptionError `ERR_OPTION` when options are wrong; `problems` lists all of them
   * @example export default { fetch: io.handler({ fetch: app.fetch }) };
   */
  handler(options?: ServerOptions): FetchHandler;
}

/** The types of this host. */
interface FetchTypes extends HostTypes {
  readonly request: FetchRequest;
  readonly options: ServerOptions;
  readonly source: never;
  readonly entrances: Entrances;
  readonly engine: EngineServer;
  readonly diagnostics: FetchServerDiagnostics;
}

const classes = typedClasses<FetchTypes>(web);
const Base: HostedServerConstructor<FetchTypes> = classes.Server;

/** A Socket.IO server over Request and Response. */
export class Server<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  SocketData = AnyData,
> extends Base<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {}

/** The class of servers on this host. */
export type FetchServerConstructor = typeof Server;

export const Socket: SocketConstructor<FetchRequest> = classes.Socket;
export const Namespace: NamespaceConstructor<FetchRequest> = classes.Namespace;

/** One client in one namespace. */
export type Socket<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  SocketData = AnyData,
> = TypedSocket<ListenEvents, EmitEvents, ServerSideEvents, SocketData, FetchRequest>;

/** A named channel; all namespaces of a client share its connection. */
export type Namespace<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  SocketData = AnyData,
> = TypedNamespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData, FetchRequest>;

/** A socket of any server of the cluster. */
export type RemoteSocket<EmitEvents extends EventsMap, SocketData> = TypedRemoteSocket<
  EmitEvents,
  SocketData,
  FetchRequest
>;
