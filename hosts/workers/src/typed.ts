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
import type { ObjectState } from "./cloudflare.ts";
import { workers } from "./host.ts";
import type { ServerOptions as ResolvedOptions, WorkersRequest } from "./options.ts";
import type { ObjectHandler } from "./workers-engine.ts";

/** Options of a server; `docs/reference/options.md` has meanings and defaults. */
export type ServerOptions = GivenOptions<WorkersRequest, ResolvedOptions>;

/** All points of a server on Cloudflare Workers. */
export interface WorkersServerDiagnostics extends HostedDiagnostics {
  /** HTTP and WebSocket handshakes: `sockeye:workers:…`. */
  readonly workers: HostDiagnostics<WorkersRequest>;
}

/** The engine of a server in a Durable Object. */
export interface EngineServer
  extends HostedEngine<
    WorkersRequest,
    Pick<WorkersServerDiagnostics, "engine" | "deadlines" | "workers">
  > {
  /**
   * Handles a request or a handshake with any path, in a route of the application.
   */
  handleRequest(request: Request, ...context: unknown[]): Response | Promise<Response>;
}

/** What servers on this host have beside those of other hosts. */
interface Entrances {
  /** What the methods of the Durable Object call; `undefined` before `attach`. */
  readonly httpServer: ObjectHandler;
  /** The engine; `undefined` before `attach`. */
  readonly engine: EngineServer;
  /**
   * Attaches to the state of a Durable Object.
   * @param ctx the state: the first argument of the object's constructor
   * @param options as for the constructor, whose options win
   * @returns the server
   * @throws Error `ERR_LISTEN_TARGET` when given anything else
   * @throws OptionError `ERR_OPTION` when options are wrong; `problems` lists all of them
   * @example io.attach(ctx);
   */
  attach(ctx: ObjectState, options?: ServerOptions): this;
}

/** The types of this host. */
interface WorkersTypes extends HostTypes {
  readonly request: WorkersRequest;
  readonly options: ServerOptions;
  readonly source: ObjectState;
  readonly entrances: Entrances;
  readonly engine: EngineServer;
  readonly diagnostics: WorkersServerDiagnostics;
}

const classes = typedClasses<WorkersTypes>(workers);
const Base: HostedServerConstructor<WorkersTypes> = classes.Server;

/** A Socket.IO server in a Durable Object. */
export class Server<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  SocketData = AnyData,
> extends Base<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {}

/** The class of servers on this host. */
export type WorkersServerConstructor = typeof Server;

export const Socket: SocketConstructor<WorkersRequest> = classes.Socket;
export const Namespace: NamespaceConstructor<WorkersRequest> = classes.Namespace;

/** One client in one namespace. */
export type Socket<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  SocketData = AnyData,
> = TypedSocket<ListenEvents, EmitEvents, ServerSideEvents, SocketData, WorkersRequest>;

/** A named channel; all namespaces of a client share its connection. */
export type Namespace<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  SocketData = AnyData,
> = TypedNamespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData, WorkersRequest>;

/** A socket of any server of the cluster. */
export type RemoteSocket<EmitEvents extends EventsMap, SocketData> = TypedRemoteSocket<
  EmitEvents,
  SocketData,
  WorkersRequest
>;
