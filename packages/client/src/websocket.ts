// The client for pages that have WebSocket, and nothing else: what is needed for polling is never fetched.

import { compactJsonCodec, PROTOCOL_REVISION } from "@sockeye/protocol";
import { listen } from "./browser.ts";
import { webSocketSession } from "./engine/web-socket-session.ts";
import { withoutLacking } from "./lean.ts";
import { addressOf } from "./short-address.ts";
import { Socket as RuntimeSocket } from "./socket.ts";
import { createLeanIo } from "./typed/attach.ts";
import type { DefaultEventsMap, EventsMap } from "./typed/index.ts";
import type {
  LeanIo,
  LeanManager,
  LeanManagerConstructor,
  LeanSocket,
  LeanSocketConstructor,
} from "./typed/lean-faces.ts";

const io: LeanIo = /* @__PURE__ */ createLeanIo({
  addressOf,
  listen,
  createSession: webSocketSession,
  socketClass: RuntimeSocket,
  checked: withoutLacking,
  codecFor: () => compactJsonCodec,
});

const Manager: LeanManagerConstructor = io.Manager;
const Socket: LeanSocketConstructor = io.Socket;
/** Keeps a connection to a server, and shares it between sockets. */
type Manager<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
> = LeanManager<ListenEvents, EmitEvents>;
/** Sends to, and hears from, one namespace of the server. */
type Socket<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
> = LeanSocket<ListenEvents, EmitEvents>;

export { io, io as connect, io as default, Manager, Socket };
/** Revision of the Socket.IO protocol spoken here. */
export const protocol: number = PROTOCOL_REVISION;
export type * from "./public-types.ts";
export type * from "./typed/index.ts";
export type {
  LeanClientOptions as ClientOptions,
  LeanIo as Io,
  LeanManagerConstructor as ManagerConstructor,
  LeanManagerOptions as ManagerOptions,
  LeanSocketConstructor as SocketConstructor,
  LeanSocketOptions as SocketOptions,
} from "./typed/lean-faces.ts";
