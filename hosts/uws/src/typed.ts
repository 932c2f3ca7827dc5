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
import { uws } from "./host.ts";
import type { ServerOptions as ResolvedOptions, UwsRequestRecord } from "./options.ts";
import type { UwsApp } from "./uws.ts";
import type { UwsServer } from "./uws-engine.ts";

/** Options of a server; `docs/reference/options.md` has meanings and defaults. */
export type ServerOptions = GivenOptions<UwsRequestRecord, ResolvedOptions>;

/** All points of a server. */
export interface UwsServerDiagnostics extends HostedDiagnostics {
  /** HTTP and WebSocket handshakes: `sockeye:uws:…`. */
  readonly uws: HostDiagnostics<UwsRequestRecord>;
}

/** The engine of a server on uWebSockets.js. */
export type EngineServer = HostedEngine<
  UwsRequestRecord,
  Pick<UwsServerDiagnostics, "engine" | "deadlines" | "uws">
>;

/** What servers on this host have beside those of other hosts. */
interface Entrances {
  /** The application that the server was attached to last, and the port of `listen`; `undefined` before. */
  readonly httpServer: UwsServer;
  /**
   * Attaches to an application of uWebSockets.js, which listens by itself: `close` of the server does not stop it. The path
   * is that of this moment.
   * @param app what `App()` or `SSLApp()` returned
   * @param options as for the constructor, whose options win
   * @returns the server
   * @throws Error `ERR_LISTEN_TARGET` when given something else, such as an HTTP server
   * @throws Error `ERR_PATH_TAKEN` when another server is attached to the application with the same path
   * @throws OptionError `ERR_OPTION` when options are wrong; `problems` lists all of them
   * @example
   * const app = uws.App();
   * io.attachApp(app);
   * app.listen(3000, () => {});
   */
  attachApp(app: UwsApp, options?: ServerOptions): this;
  /**
   * Attaches to an application of uWebSockets.js, or listens on a port.
   * @param source an application, as for `attachApp`, or a port, as for `listen`
   * @param options as for the constructor, whose options win
   * @returns the server
   * @throws Error, OptionError as `attachApp` and `listen`
   * @example io.attach(uws.App());
   */
  attach(source: UwsApp | number | string, options?: ServerOptions): this;
  /**
   * Listens on a port, with an application of its own, which answers requests for other paths by 404.
   * @param port a port; 0: any that is free, which is then `io.httpServer.port`
   * @param options as for the constructor, whose options win; one of them must have `uws`, the module
   * @returns the server
   * @throws Error `ERR_LISTEN_PORT` when the port is not an integer
   * @throws Error `ERR_LISTEN_MODULE` without the option `uws`
   * @throws Error `ERR_LISTEN_FAILED` when the port is in use
   * @throws OptionError `ERR_OPTION` when options are wrong; `problems` lists all of them
   * @example new Server({ uws }).listen(3000);
   */
  listen(port: UwsApp | number | string, options?: ServerOptions): this;
}

/** The types of this host. */
interface UwsTypes extends HostTypes {
  readonly request: UwsRequestRecord;
  readonly options: ServerOptions;
  readonly source: UwsApp | number | string;
  readonly entrances: Entrances;
  readonly engine: EngineServer;
  readonly diagnostics: UwsServerDiagnostics;
}

const classes = typedClasses<UwsTypes>(uws);
const Base: HostedServerConstructor<UwsTypes> = classes.Server;

/** A Socket.IO server on uWebSockets.js. */
export class Server<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  SocketData = AnyData,
> extends Base<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {}

/** The class of servers on this host. */
export type UwsServerConstructor = typeof Server;

export const Socket: SocketConstructor<UwsRequestRecord> = classes.Socket;
export const Namespace: NamespaceConstructor<UwsRequestRecord> = classes.Namespace;

/** One client in one namespace. */
export type Socket<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  SocketData = AnyData,
> = TypedSocket<ListenEvents, EmitEvents, ServerSideEvents, SocketData, UwsRequestRecord>;

/** A named channel; all namespaces of a client share its connection. */
export type Namespace<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  SocketData = AnyData,
> = TypedNamespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData, UwsRequestRecord>;

/** A socket of any server of the cluster. */
export type RemoteSocket<EmitEvents extends EventsMap, SocketData> = TypedRemoteSocket<
  EmitEvents,
  SocketData,
  UwsRequestRecord
>;
