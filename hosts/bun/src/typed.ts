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
import type { BunHandler, BunServer } from "./bun.ts";
import { bun } from "./host.ts";
import type { BunRequest, ServerOptions as ResolvedOptions } from "./options.ts";

/** Options of a server; `docs/reference/options.md` has meanings and defaults. */
export type ServerOptions = GivenOptions<BunRequest, ResolvedOptions>;

/** What a server listens on: a port, or options of `Bun.serve`, of which `fetch` answers other paths. */
export type Listenable = number | string | object;

/** All points of a server on Bun. */
export interface BunServerDiagnostics extends HostedDiagnostics {
  /** HTTP and WebSocket handshakes: `sockeye:bun:…`. */
  readonly bun: HostDiagnostics<BunRequest>;
}

/** The engine of a server on Bun. */
export interface EngineServer
  extends HostedEngine<BunRequest, Pick<BunServerDiagnostics, "engine" | "deadlines" | "bun">> {
  /**
   * Handles a request or a handshake with any path, in a route of the application; the WebSocket callbacks of
   * `io.handler()` must be those of its server.
   */
  handleRequest(request: Request, server: BunServer): Response | Promise<Response>;
}

/** What servers on this host have beside those of other hosts. */
interface Entrances {
  /** Bun's server that `listen` has started last; `undefined` before. */
  readonly httpServer: BunServer;
  /**
   * Returns what `Bun.serve` calls, to be spread into its options or into the default export of the program. `close` of the
   * server does not stop what is served so.
   * @param options as for the constructor, whose options win; `fetch` answers requests for other paths
   * @throws OptionError `ERR_OPTION` when options are wrong; `problems` lists all of them
   * @example export default { port: 3000, ...io.handler({ fetch: app.fetch }) };
   */
  handler(options?: ServerOptions): BunHandler;
  /**
   * Starts a server of Bun.
   * @param source a port, or options of `Bun.serve` such as `port`, `hostname` and `tls`
   * @param options as for the constructor, whose options win
   * @returns the server
   * @throws Error `ERR_LISTEN_TARGET` when given a server that runs
   * @throws Error `ERR_LISTEN_PORT` when the port is not an integer
   * @throws OptionError `ERR_OPTION` when options are wrong; `problems` lists all of them
   * @example io.listen({ port: 443, tls: { key, cert }, fetch: app.fetch });
   */
  listen(source: Listenable, options?: ServerOptions): this;
  /**
   * The same as `listen`. A server that runs cannot be attached to: Bun has one handler for all requests.
   * @param source a port, or options of `Bun.serve`
   * @param options as for the constructor, whose options win
   * @returns the server
   * @throws Error, OptionError as `listen`
   * @example io.attach(3000);
   */
  attach(source: Listenable, options?: ServerOptions): this;
}

/** The types of this host. */
interface BunTypes extends HostTypes {
  readonly request: BunRequest;
  readonly options: ServerOptions;
  readonly source: number | string;
  readonly entrances: Entrances;
  readonly engine: EngineServer;
  readonly diagnostics: BunServerDiagnostics;
}

const classes = typedClasses<BunTypes>(bun);
const Base: HostedServerConstructor<BunTypes> = classes.Server;

/** A Socket.IO server on Bun. */
export class Server<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  SocketData = AnyData,
> extends Base<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {}

/** The class of servers on this host. */
export type BunServerConstructor = typeof Server;

export const Socket: SocketConstructor<BunRequest> = classes.Socket;
export const Namespace: NamespaceConstructor<BunRequest> = classes.Namespace;

/** One client in one namespace. */
export type Socket<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  SocketData = AnyData,
> = TypedSocket<ListenEvents, EmitEvents, ServerSideEvents, SocketData, BunRequest>;

/** A named channel; all namespaces of a client share its connection. */
export type Namespace<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  SocketData = AnyData,
> = TypedNamespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData, BunRequest>;

/** A socket of any server of the cluster. */
export type RemoteSocket<EmitEvents extends EventsMap, SocketData> = TypedRemoteSocket<
  EmitEvents,
  SocketData,
  BunRequest
>;
