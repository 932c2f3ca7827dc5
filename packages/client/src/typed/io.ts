// The typed face of `io` and of the classes that hang on it.

import type { DefaultEventsMap, EventsMap } from "@sockeye/events";
import type { ClientOptions, ManagerOptions } from "../options.ts";
import type { Manager, Socket } from "./faces.ts";

/** The class of managers. */
export interface ManagerConstructor {
  new <
    ListenEvents extends EventsMap = DefaultEventsMap,
    EmitEvents extends EventsMap = ListenEvents,
  >(
    options?: ManagerOptions,
  ): Manager<ListenEvents, EmitEvents>;
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
 * The function that a page or program begins with, and what hangs on it.
 *
 * Unlike Socket.IO's it takes the maps of events; annotating the variable works as well.
 * @example const socket = io<ServerToClient, ClientToServer>("https://example.com");
 */
export interface Io {
  /** A socket of the main namespace of the page's own origin. */
  <ListenEvents extends EventsMap = DefaultEventsMap, EmitEvents extends EventsMap = ListenEvents>(
    options?: ClientOptions,
  ): Socket<ListenEvents, EmitEvents>;
  /** A socket of the namespace that the address names, over a connection shared where that is possible. */
  <ListenEvents extends EventsMap = DefaultEventsMap, EmitEvents extends EventsMap = ListenEvents>(
    uri?: string,
    options?: ClientOptions,
  ): Socket<ListenEvents, EmitEvents>;
  readonly io: Io;
  readonly connect: Io;
  readonly Manager: ManagerConstructor;
  readonly Socket: SocketConstructor;
  /** Revision of the Socket.IO protocol. */
  readonly protocol: number;
}
