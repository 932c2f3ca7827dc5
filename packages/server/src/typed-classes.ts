// The classes of a host as applications see them. They are not generic at run time; this is the only place that casts them
// to the generic types.

import {
  type BroadcastOperatorConstructor,
  BroadcastOperator as CoreBroadcastOperator,
  Namespace as CoreNamespace,
  Socket as CoreSocket,
  type DefaultEventsMap,
  type EventsMap,
  type NamespaceConstructor,
  type SocketConstructor,
} from "@sockeye/core";
import type { Composed } from "./compose.ts";
import type { AnyData, HostedServer, HostTypes } from "./typed.ts";

/**
 * What a host's class of servers extends, so that the class is generic, and has a name that declarations of applications
 * can refer to:
 *
 * ```ts
 * const Base: HostedServerConstructor<BunTypes> = classes.Server;
 * export class Server<Listen extends EventsMap = DefaultEventsMap, …> extends Base<Listen, …> {}
 * ```
 */
export interface HostedServerConstructor<Types extends HostTypes> {
  new <
    ListenEvents extends EventsMap = DefaultEventsMap,
    EmitEvents extends EventsMap = ListenEvents,
    ServerSideEvents extends EventsMap = DefaultEventsMap,
    SocketData = AnyData,
  >(
    options?: Types["options"],
  ): HostedServer<ListenEvents, EmitEvents, ServerSideEvents, SocketData, Types> &
    Types["entrances"];
  new <
    ListenEvents extends EventsMap = DefaultEventsMap,
    EmitEvents extends EventsMap = ListenEvents,
    ServerSideEvents extends EventsMap = DefaultEventsMap,
    SocketData = AnyData,
  >(
    source: Types["source"],
    options?: Types["options"],
  ): HostedServer<ListenEvents, EmitEvents, ServerSideEvents, SocketData, Types> &
    Types["entrances"];
}

/** The classes that a host hands out. */
export interface HostClasses<Types extends HostTypes> {
  readonly Server: HostedServerConstructor<Types>;
  readonly Socket: SocketConstructor<Types["request"]>;
  readonly Namespace: NamespaceConstructor<Types["request"]>;
  readonly BroadcastOperator: BroadcastOperatorConstructor<Types["request"]>;
}

/** The classes of a host with its types. `Types` is what the host says of itself: nothing checks it. */
export function typedClasses<Types extends HostTypes>({ Server }: Composed): HostClasses<Types> {
  const classes = {
    Server,
    Socket: CoreSocket,
    Namespace: CoreNamespace,
    BroadcastOperator: CoreBroadcastOperator,
  };
  return classes as unknown as HostClasses<Types>;
}
