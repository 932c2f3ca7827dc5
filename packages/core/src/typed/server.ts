// The typed face of a server, as far as no platform is involved. A host extends it with listening and serving.

import type { DefaultEventsMap, EventsMap } from "@sockeye/events";
import type { AdapterFactory } from "../options.ts";
import type { Everybody } from "./everybody.ts";
import type { ServerListening } from "./listening.ts";
import type { Namespace, NamespaceMatcher, ParentNamespace } from "./namespace.ts";
import type { ServerReservedEvents } from "./reserved-events.ts";
import type { Socket } from "./socket.ts";

/**
 * Namespaces and what runs through them. Emitter methods and broadcasts go to the main namespace.
 *
 * @typeParam ListenEvents - what clients send
 * @typeParam EmitEvents - what clients hear
 * @typeParam ServerSideEvents - what servers send each other
 * @typeParam SocketData - what the application keeps in `socket.data`
 */
export interface Server<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  // biome-ignore lint/suspicious/noExplicitAny: Socket.IO's default; an application that declares nothing reads any member.
  SocketData = any,
> extends Everybody<ListenEvents, EmitEvents, ServerSideEvents, SocketData>,
    ServerListening<
      ServerSideEvents,
      ServerReservedEvents<ListenEvents, EmitEvents, ServerSideEvents, SocketData>
    > {
  /** The main namespace, `/`. */
  readonly sockets: Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>;
  /**
   * A pattern from which namespaces are created when peers ask for them.
   * `onConnection` is added to the listeners, which the created namespaces take over.
   */
  of<
    NamespaceListenEvents extends EventsMap = ListenEvents,
    NamespaceEmitEvents extends EventsMap = EmitEvents,
    NamespaceServerSideEvents extends EventsMap = ServerSideEvents,
    NamespaceSocketData = SocketData,
  >(
    pattern: RegExp | NamespaceMatcher,
    onConnection?: (
      socket: Socket<
        NamespaceListenEvents,
        NamespaceEmitEvents,
        NamespaceServerSideEvents,
        NamespaceSocketData
      >,
    ) => void,
  ): ParentNamespace<
    NamespaceListenEvents,
    NamespaceEmitEvents,
    NamespaceServerSideEvents,
    NamespaceSocketData
  >;
  /**
   * The namespace of this name, created when there is none yet; `onConnection` is added to its listeners.
   * A missing leading slash is added. The namespace may have events of its own, which default to the server's.
   * @example const admin = io.of<AdminToServer, ServerToAdmin>("/admin");
   */
  of<
    NamespaceListenEvents extends EventsMap = ListenEvents,
    NamespaceEmitEvents extends EventsMap = EmitEvents,
    NamespaceServerSideEvents extends EventsMap = ServerSideEvents,
    NamespaceSocketData = SocketData,
  >(
    name: string | RegExp | NamespaceMatcher,
    onConnection?: (
      socket: Socket<
        NamespaceListenEvents,
        NamespaceEmitEvents,
        NamespaceServerSideEvents,
        NamespaceSocketData
      >,
    ) => void,
  ): Namespace<
    NamespaceListenEvents,
    NamespaceEmitEvents,
    NamespaceServerSideEvents,
    NamespaceSocketData
  >;
  /** The factory of adapters. */
  adapter(): AdapterFactory;
  /** Sets the factory of adapters, and renews the adapters of existing namespaces. */
  adapter(factory: AdapterFactory): this;
  /** Milliseconds within which a peer must join a namespace. */
  connectTimeout(): number;
  /** Sets the milliseconds within which a peer must join a namespace. */
  connectTimeout(timeout: number): this;
}
