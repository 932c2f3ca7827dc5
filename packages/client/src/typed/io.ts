// The typed face of `io` and of the classes that hang on it.

import type { DefaultEventsMap, EventsMap } from "@sockeye/events";
import type { ClientOptions, ManagerOptions } from "../options.ts";
import type { Manager, Socket } from "./faces.ts";

/**
 * The class of managers. A new manager connects at once unless `autoConnect` is off.
 * @example const manager = new Manager("https://example.com", { reconnectionDelayMax: 10_000 });
 */
export interface ManagerConstructor {
  /** @throws TypeError `ERR_OPTION` for an option of a wrong type */
  new <
    ListenEvents extends EventsMap = DefaultEventsMap,
    EmitEvents extends EventsMap = ListenEvents,
  >(
    options?: ManagerOptions,
  ): Manager<ListenEvents, EmitEvents>;
  /**
   * @param uri address of the server; the page's own origin when absent
   * @throws TypeError `ERR_ADDRESS` when the address names no host, `ERR_OPTION` for an option of a wrong type; Error
   * `ERR_ADDRESS_LENGTH` above 8,000 characters
   */
  new <
    ListenEvents extends EventsMap = DefaultEventsMap,
    EmitEvents extends EventsMap = ListenEvents,
  >(
    uri?: string,
    options?: ManagerOptions,
  ): Manager<ListenEvents, EmitEvents>;
  // biome-ignore lint/suspicious/noExplicitAny: `instanceof` cannot know the events.
  readonly prototype: Manager<any, any>;
}

/** The class of sockets: for `instanceof`; managers make them. */
export type SocketConstructor = abstract new <
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
>(
  ...args: never
) => Socket<ListenEvents, EmitEvents>;

/**
 * The function that a page or program begins with, and what hangs on it. Unlike Socket.IO's it takes the maps of events;
 * annotating the variable works as well.
 * @example const socket = io<ServerToClient, ClientToServer>("https://example.com");
 */
export interface Io {
  /**
   * A socket of the main namespace of the host in the options, or of the page's own origin; outside a page, of
   * `localhost`. It connects at once unless `autoConnect` is off.
   * @throws TypeError `ERR_OPTION` for an option of a wrong type
   * @example const socket = io({ auth: { token } });
   */
  <ListenEvents extends EventsMap = DefaultEventsMap, EmitEvents extends EventsMap = ListenEvents>(
    options?: ClientOptions,
  ): Socket<ListenEvents, EmitEvents>;
  /**
   * A socket of the namespace that the address names. It shares the connection of the managers that were made for the same
   * scheme, host, port and path, unless the namespace is in use there, or `forceNew` or `multiplex: false` is given.
   * @param uri address of the server, whose path is the namespace; the page's own origin when absent
   * @param options of the connection, if it is a new one, and of the socket
   * @throws TypeError `ERR_ADDRESS` when the address names no host, `ERR_OPTION` for an option of a wrong type; Error
   * `ERR_ADDRESS_LENGTH` above 8,000 characters
   * @example const admin = io("https://example.com/admin", { auth: { token } });
   */
  <ListenEvents extends EventsMap = DefaultEventsMap, EmitEvents extends EventsMap = ListenEvents>(
    uri?: string,
    options?: ClientOptions,
  ): Socket<ListenEvents, EmitEvents>;
  /**
   * The function itself, for code that imports everything at once.
   * @example const { io } = require("@sockeye/client");
   */
  readonly io: Io;
  /**
   * The function itself.
   * @example const socket = io.connect("https://example.com");
   */
  readonly connect: Io;
  /**
   * The class of managers.
   * @example const manager = new io.Manager("https://example.com", { reconnectionAttempts: 10 });
   */
  readonly Manager: ManagerConstructor;
  /**
   * The class of sockets, for `instanceof`.
   * @example console.log(socket instanceof io.Socket); // true
   */
  readonly Socket: SocketConstructor;
  /**
   * Revision of the Socket.IO protocol.
   * @example console.log(io.protocol); // 5
   */
  readonly protocol: number;
}
