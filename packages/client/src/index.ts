// The client for browsers: the public list.

import { compactJsonCodec, PROTOCOL_REVISION } from "@sockeye/protocol";
import { createBrowserIo } from "./browser-platform.ts";
import { BrowserWebSocket } from "./transports/browser-web-socket.ts";
import { FetchPolling } from "./transports/fetch-polling.ts";
import type { Manager as TypedManager } from "./typed/attach.ts";
import type { DefaultEventsMap, EventsMap, Io, ManagerConstructor } from "./typed/index.ts";

const io: Io = /* @__PURE__ */ createBrowserIo(compactJsonCodec);

const Manager: ManagerConstructor = io.Manager;
/** Keeps a connection to a server, and shares it between sockets. */
type Manager<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
> = TypedManager<ListenEvents, EmitEvents>;

export { io, io as connect, io as default, Manager };
/** Revision of the Socket.IO protocol spoken here. */
export const protocol: number = PROTOCOL_REVISION;
export type * from "./public-types.ts";
export { Socket } from "./typed/attach.ts";
export type * from "./typed/index.ts";
export {
  BrowserWebSocket as NodeWebSocket,
  BrowserWebSocket as WebSocket,
  FetchPolling as Fetch,
  FetchPolling as NodeXHR,
  FetchPolling as XHR,
};
