// The typed faces of the client that has WebSocket only. What it lacks is not in them. The signatures are those of io.ts with
// other types in them: TypeScript cannot take a generic interface as a parameter.

import type { DecorateAcknowledgements, DefaultEventsMap, EventsMap } from "@sockeye/events";
import type { Lacking } from "../lean.ts";
import type { ClientOptions, ManagerOptions, SocketOptions } from "../options.ts";
import type { BaseManager, BaseSocket } from "./faces.ts";

/** The transports there are. */
interface LeanTransports {
  /** There is no other; the option is for code that names it. */
  transports?: "websocket" | readonly "websocket"[];
}

/** Options of a manager. */
export type LeanManagerOptions = Omit<ManagerOptions, Lacking> & LeanTransports;

/** Options of the sockets of one namespace. */
export type LeanSocketOptions = Omit<SocketOptions, Lacking>;

/** Options of `io()`. */
export type LeanClientOptions = Omit<ClientOptions, Lacking> & LeanTransports;

/** Keeps a connection to a server, connects again when it is lost, and shares it between the sockets of its namespaces. */
export interface LeanManager<
  ListenEvents extends EventsMap = DefaultEventsMap,
  _EmitEvents extends EventsMap = ListenEvents,
> extends BaseManager {
  /** The options, read anew for every connection that is made; may be changed. */
  readonly opts: LeanManagerOptions;
  /**
   * The socket of a namespace; always the same one. It connects unless `autoConnect` is off.
   * @param nsp name of the namespace, with its leading slash
   * @param options credentials and what is kept; of the first call for a namespace
   * @throws TypeError `ERR_LACKING_OPTION` for an option that this entry has not
   * @example const admin = manager.socket("/admin");
   */
  socket<
    NamespaceListenEvents extends EventsMap = DefaultEventsMap,
    NamespaceEmitEvents extends EventsMap = NamespaceListenEvents,
  >(
    nsp: string,
    options?: LeanSocketOptions,
  ): LeanSocket<NamespaceListenEvents, NamespaceEmitEvents>;
}

/** Sends events to, and receives events from, one namespace of the server. */
export interface LeanSocket<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
> extends BaseSocket<ListenEvents, EmitEvents> {
  /** The manager whose connection this socket shares. */
  readonly io: LeanManager<ListenEvents, EmitEvents>;
  /**
   * Limits the time in which the next event must be acknowledged, in milliseconds. The callback takes an error in front.
   * @example const answer = await socket.timeout(5000).emitWithAck("question");
   */
  timeout(timeout: number): LeanSocket<ListenEvents, DecorateAcknowledgements<EmitEvents>>;
}

/** The class of managers. A new manager connects at once unless `autoConnect` is off. */
export interface LeanManagerConstructor {
  /** @throws TypeError `ERR_LACKING_OPTION` for an option that this entry has not */
  new <
    ListenEvents extends EventsMap = DefaultEventsMap,
    EmitEvents extends EventsMap = ListenEvents,
  >(
    options?: LeanManagerOptions,
  ): LeanManager<ListenEvents, EmitEvents>;
  /**
   * @param uri address of the server; the page's own origin when absent
   * @throws TypeError `ERR_ADDRESS` when the address names no host, `ERR_LACKING_OPTION` for an option that this entry has
   * not; Error `ERR_ADDRESS_LENGTH` above 8,000 characters
   */
  new <
    ListenEvents extends EventsMap = DefaultEventsMap,
    EmitEvents extends EventsMap = ListenEvents,
  >(
    uri?: string,
    options?: LeanManagerOptions,
  ): LeanManager<ListenEvents, EmitEvents>;
  // biome-ignore lint/suspicious/noExplicitAny: `instanceof` cannot know the events.
  readonly prototype: LeanManager<any, any>;
}

/** The class of sockets: for `instanceof`; managers make them. */
export type LeanSocketConstructor = abstract new <
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
>(
  ...args: never
) => LeanSocket<ListenEvents, EmitEvents>;

/**
 * The function that a page or program begins with, and what hangs on it.
 * @example const socket = io<ServerToClient, ClientToServer>("https://example.com");
 */
export interface LeanIo {
  /**
   * A socket of the main namespace of the host in the options, or of the page's own origin; outside a page, of
   * `localhost`.
   * @throws TypeError `ERR_LACKING_OPTION` for an option that this entry has not
   * @example const socket = io({ auth: { token } });
   */
  <ListenEvents extends EventsMap = DefaultEventsMap, EmitEvents extends EventsMap = ListenEvents>(
    options?: LeanClientOptions,
  ): LeanSocket<ListenEvents, EmitEvents>;
  /**
   * A socket of the namespace that the address names, over a connection shared where that is possible.
   * @param uri address of the server, whose path is the namespace; the page's own origin when absent
   * @param options of the connection, if it is a new one, and of the socket
   * @throws TypeError `ERR_ADDRESS` when the address names no host, `ERR_LACKING_OPTION` for an option that this entry has
   * not; Error `ERR_ADDRESS_LENGTH` above 8,000 characters
   * @example const admin = io("https://example.com/admin");
   */
  <ListenEvents extends EventsMap = DefaultEventsMap, EmitEvents extends EventsMap = ListenEvents>(
    uri?: string,
    options?: LeanClientOptions,
  ): LeanSocket<ListenEvents, EmitEvents>;
  /** The function itself, for code that imports everything at once. */
  readonly io: LeanIo;
  /** The function itself. */
  readonly connect: LeanIo;
  /** The class of managers. */
  readonly Manager: LeanManagerConstructor;
  /** The class of sockets, for `instanceof`. */
  readonly Socket: LeanSocketConstructor;
  /** Revision of the Socket.IO protocol. */
  readonly protocol: number;
}
