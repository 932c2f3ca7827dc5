// The one place where the typed faces are attached to the runtime classes, which are not generic.

import type { DefaultEventsMap, EventKey, EventsMap } from "@sockeye/events";
import { createIo } from "../io.ts";
import type { Platform } from "../platform.ts";
import { RetryingSocket } from "../retrying-socket.ts";
import type { SafeEmitter } from "../safe-emitter.ts";
import type { Manager as ManagerFace, Socket as SocketFace } from "./faces.ts";
import type { Io, SocketConstructor } from "./io.ts";
import type { LeanIo } from "./lean-faces.ts";
import type { DisconnectReason as Reason } from "./reserved-events.ts";

/** Makes the `io` function of an entry point, with a cache of its own. */
export function createTypedIo(platform: Platform): Io {
  const io = createIo(platform);
  // What packages for Socket.IO use of the class of managers, and of managers.
  Object.defineProperties(io.Manager.prototype, {
    /** Raises an event; called on sockets, too. */
    emit: {
      writable: true,
      value(this: SafeEmitter, event: EventKey, ...args: unknown[]) {
        this.raise(event, ...args);
        return this;
      },
    },
    /** Whether attempts follow a loss. */
    _reconnecting: {
      get(this: ManagerFace) {
        return !!(this.status as { readonly attempt?: number }).attempt;
      },
    },
  });
  return io as unknown as Io;
}

/** The same for the client that has WebSocket only. */
export const createLeanIo: (platform: Platform) => LeanIo = createIo as unknown as (
  platform: Platform,
) => LeanIo;

/** The class of sockets: for `instanceof`; managers make them. */
export const Socket: SocketConstructor = RetryingSocket as unknown as SocketConstructor;

/** Sends to, and hears from, one namespace of the server. */
export type Socket<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
> = SocketFace<ListenEvents, EmitEvents>;

/** The types that Socket.IO has under the class of sockets. */
// biome-ignore lint/style/noNamespace: applications name `Socket.DisconnectReason`; it holds types only.
export declare namespace Socket {
  /** Why a socket disconnected. */
  type DisconnectReason = Reason;
}

/** Keeps a connection to a server, and shares it between sockets. */
export type Manager<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
> = ManagerFace<ListenEvents, EmitEvents>;
