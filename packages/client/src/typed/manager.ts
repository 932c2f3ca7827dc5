// The typed face of a manager.

import type { DefaultEventsMap, EventsMap, NoEvents } from "@sockeye/events";
import type { Engine } from "../engine/engine.ts";
import type { ManagerOptions, SocketOptions } from "../options.ts";
import type { Transport } from "../transports/transport.ts";
import type { ClientListening } from "./listening.ts";
import type { ManagerReservedEvents } from "./reserved-events.ts";
import type { Socket } from "./socket.ts";

/** A setting that can be read and, given a value, changed. */
export interface Setting<Value, Owner> {
  (value: Value): Owner;
  (): Value;
  (value?: Value): Owner | Value;
}

/** A session, as `manager.engine` shows it. */
export type EngineSession = Engine & {
  /** The transport in use. Present from the first attempt to connect on. */
  readonly transport: Transport;
};

/**
 * Keeps a connection to a server, and shares it between sockets. It has the type parameters of Socket.IO's manager;
 * as there, they say nothing of its sockets, whose namespaces have events of their own.
 */
export interface Manager<
  ListenEvents extends EventsMap = DefaultEventsMap,
  _EmitEvents extends EventsMap = ListenEvents,
> extends ClientListening<NoEvents, ManagerReservedEvents> {
  /** The session in use, or the last one. Present from the first attempt to connect on. */
  readonly engine: EngineSession;
  /** Read anew for every connection that is made; may be changed. */
  readonly opts: ManagerOptions;
  /** The state of the connection. */
  readonly _readyState: "opening" | "open" | "closed";
  /** Whether to reconnect. Turned off, it ends the attempts under way as well. */
  readonly reconnection: Setting<boolean, this>;
  /** Attempts before giving up. */
  readonly reconnectionAttempts: Setting<number, this>;
  /** Milliseconds before the first attempt. */
  readonly reconnectionDelay: Setting<number, this>;
  /** Most milliseconds before an attempt. */
  readonly reconnectionDelayMax: Setting<number, this>;
  /** Randomisation of the delay, 0 to 1. */
  readonly randomizationFactor: Setting<number, this>;
  /** Milliseconds that an attempt may take; `false` for no limit. */
  readonly timeout: Setting<number | boolean, this>;
  /** Connects, unless connected or connecting. With a callback, a failure is not tried again. */
  open(done?: (err?: Error) => void): this;
  /** The same as `open`. */
  connect(done?: (err?: Error) => void): this;
  /**
   * The socket of a namespace; always the same one.
   * @example const admin = manager.socket<AdminToClient, ClientToAdmin>("/admin");
   */
  socket<
    NamespaceListenEvents extends EventsMap = DefaultEventsMap,
    NamespaceEmitEvents extends EventsMap = NamespaceListenEvents,
  >(nsp: string, options?: SocketOptions): Socket<NamespaceListenEvents, NamespaceEmitEvents>;
}
