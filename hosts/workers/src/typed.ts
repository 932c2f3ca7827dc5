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
import type { ObjectState } from "./cloudflare.ts";
import type { WorkersServerDiagnostics } from "./diagnostics.ts";
import { workers } from "./host.ts";
import type { ServerOptions as ResolvedOptions, WorkersRequest } from "./options.ts";
import type { ObjectHandler } from "./workers-engine.ts";

// biome-ignore lint/suspicious/noExplicitAny: Socket.IO's default; an application that declares nothing reads any member.
type AnyData = any;

/** Options of a server; `docs/reference/options.md` has meanings and defaults. */
export type ServerOptions = GivenOptions<WorkersRequest, ResolvedOptions>;

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

/** A Socket.IO server in a Durable Object. */
export interface Server<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  SocketData = AnyData,
> extends HostedServer<ListenEvents, EmitEvents, ServerSideEvents, SocketData, WorkersRequest> {
  /** What the methods of the Durable Object call; `undefined` before `attach`. */
  readonly httpServer: ObjectHandler;
  /** The engine; `undefined` before `attach`. */
  readonly engine: EngineServer;
  /**
   * The diagnostics points: what happens inside, for metrics, tracing and logs. One table per package; Socket.IO has none.
   * @example
   * io.diagnostics.core.packetDropped.subscribe(({ socket }) => console.warn(`${socket.id} is slow`));
   */
  readonly diagnostics: WorkersServerDiagnostics;
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

/** The class of servers in a Durable Object. */
export interface WorkersServerConstructor {
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
    ctx: ObjectState,
    options?: ServerOptions,
  ): Server<ListenEvents, EmitEvents, ServerSideEvents, SocketData>;
  readonly prototype: Server<AnyData, AnyData, AnyData, AnyData>;
}

export const Server: WorkersServerConstructor =
  workers.Server as unknown as WorkersServerConstructor;
export const Socket: SocketConstructor<WorkersRequest> =
  CoreSocket as unknown as SocketConstructor<WorkersRequest>;
export const Namespace: NamespaceConstructor<WorkersRequest> =
  CoreNamespace as unknown as NamespaceConstructor<WorkersRequest>;

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
