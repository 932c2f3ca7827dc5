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
import type { BunHandler, BunServer } from "./bun.ts";
import type { BunServerDiagnostics } from "./diagnostics.ts";
import { bun } from "./host.ts";
import type { BunRequest, ServerOptions as ResolvedOptions } from "./options.ts";

// biome-ignore lint/suspicious/noExplicitAny: Socket.IO's default; an application that declares nothing reads any member.
type AnyData = any;

/** Options of a server; `docs/reference/options.md` has meanings and defaults. */
export type ServerOptions = GivenOptions<BunRequest, ResolvedOptions>;

/** What a server listens on: a port, or options of `Bun.serve`, of which `fetch` answers other paths. */
export type Listenable = number | string | object;

/** The engine of a server on Bun. */
export interface EngineServer
  extends HostedEngine<BunRequest, Pick<BunServerDiagnostics, "engine" | "deadlines" | "bun">> {
  /**
   * Handles a request or a handshake with any path, in a route of the application; the WebSocket callbacks of
   * `io.handler()` must be those of its server.
   */
  handleRequest(request: Request, server: BunServer): Response | Promise<Response>;
}

/** A Socket.IO server on Bun. */
export interface Server<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  SocketData = AnyData,
> extends HostedServer<ListenEvents, EmitEvents, ServerSideEvents, SocketData, BunRequest> {
  /** Bun's server that `listen` has started last; `undefined` before. */
  readonly httpServer: BunServer;
  /** The engine of the last `handler` or `listen`; `undefined` before. */
  readonly engine: EngineServer;
  /**
   * The diagnostics points: what happens inside, for metrics, tracing and logs. One table per package; Socket.IO has none.
   * @example
   * io.diagnostics.core.packetDropped.subscribe(({ socket }) => console.warn(`${socket.id} is slow`));
   */
  readonly diagnostics: BunServerDiagnostics;
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

/** The class of servers on Bun. */
export interface BunServerConstructor {
  new <
    ListenEvents extends EventsMap = DefaultEventsMap,
    EmitEvents extends EventsMap = ListenEvents,
    ServerSideEvents extends EventsMap = DefaultEventsMap,
    SocketData = AnyData,
  >(
    options?: ServerOptions,
  ): Server<ListenEvents, EmitEvents, ServerSideEvents, SocketData>;
  new <
    ListenEvents extends EventsMap = DefaultEventsMap,
    EmitEvents extends EventsMap = ListenEvents,
    ServerSideEvents extends EventsMap = DefaultEventsMap,
    SocketData = AnyData,
  >(
    port: number | string,
    options?: ServerOptions,
  ): Server<ListenEvents, EmitEvents, ServerSideEvents, SocketData>;
  readonly prototype: Server<AnyData, AnyData, AnyData, AnyData>;
}

export const Server: BunServerConstructor = bun.Server as unknown as BunServerConstructor;
export const Socket: SocketConstructor<BunRequest> =
  CoreSocket as unknown as SocketConstructor<BunRequest>;
export const Namespace: NamespaceConstructor<BunRequest> =
  CoreNamespace as unknown as NamespaceConstructor<BunRequest>;

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
