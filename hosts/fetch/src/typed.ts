// The only file that casts the runtime classes, which are not generic, to the generic types that applications see.

import {
  Namespace as CoreNamespace,
  Socket as CoreSocket,
  type DefaultEventsMap,
  type EventsMap,
  type NamespaceConstructor,
  type SocketConstructor,
  type TypedNamespace,
  type TypedRemoteSocket,
  type TypedSocket,
} from "@sockeye/core";
import type { GivenOptions, HostedEngine, HostedServer } from "@sockeye/server";
import type { FetchServerDiagnostics } from "./diagnostics.ts";
import { web } from "./host.ts";
import type { FetchRequest, ServerOptions as ResolvedOptions } from "./options.ts";
import type { FetchHandler } from "./web.ts";

// biome-ignore lint/suspicious/noExplicitAny: Socket.IO's default; an application that declares nothing reads any member.
type AnyData = any;

/** Options of a server; `docs/reference/options.md` has meanings and defaults. */
export type ServerOptions = GivenOptions<FetchRequest, ResolvedOptions>;

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

/** A Socket.IO server over Request and Response. */
export interface Server<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  SocketData = AnyData,
> extends HostedServer<ListenEvents, EmitEvents, ServerSideEvents, SocketData, FetchRequest> {
  /** The engine of the last `handler`; `undefined` before. */
  readonly engine: EngineServer;
  /**
   * The diagnostics points: what happens inside, for metrics, tracing and logs. One table per package; Socket.IO has none.
   * @example
   * io.diagnostics.core.packetDropped.subscribe(({ socket }) => console.warn(`${socket.id} is slow`));
   */
  readonly diagnostics: FetchServerDiagnostics;
  /**
   * Returns the handler for the runtime's HTTP server.
   * @param options as for the constructor, whose options win; `fetch` answers requests for other paths
   * @throws OptionError `ERR_OPTION` when options are wrong; `problems` lists all of them
   * @example export default { fetch: io.handler({ fetch: app.fetch }) };
   */
  handler(options?: ServerOptions): FetchHandler;
}

/** The class of servers over Request and Response. */
export interface FetchServerConstructor {
  new <
    ListenEvents extends EventsMap = DefaultEventsMap,
    EmitEvents extends EventsMap = ListenEvents,
    ServerSideEvents extends EventsMap = DefaultEventsMap,
    SocketData = AnyData,
  >(
    options?: ServerOptions,
  ): Server<ListenEvents, EmitEvents, ServerSideEvents, SocketData>;
  readonly prototype: Server<AnyData, AnyData, AnyData, AnyData>;
}

export const Server: FetchServerConstructor = web.Server as unknown as FetchServerConstructor;
export const Socket: SocketConstructor<FetchRequest> =
  CoreSocket as unknown as SocketConstructor<FetchRequest>;
export const Namespace: NamespaceConstructor<FetchRequest> =
  CoreNamespace as unknown as NamespaceConstructor<FetchRequest>;

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
