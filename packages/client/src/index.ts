// The client for browsers: the public list.

import { compactJsonCodec, PROTOCOL_REVISION } from "@sockeye/protocol";
import { createBrowserIo } from "./browser-platform.ts";
import type { TransportClass } from "./options.ts";
import { transportNamed } from "./transport-names.ts";
import { WebSocketTransport } from "./transports/web-socket.ts";
import type { Manager as TypedManager } from "./typed/attach.ts";
import type { DefaultEventsMap, EventsMap, Io, ManagerConstructor } from "./typed/index.ts";

/** What is not needed at first is in one file. */
const loadParts = (): Promise<typeof import("./fallback/browser-reserve.ts")> =>
  import("./fallback/browser-reserve.ts");

const io: Io = /* @__PURE__ */ createBrowserIo(compactJsonCodec, {
  loadReserve: async () => (await loadParts()).browserReserve,
  withQueues: (use, fail) => loadParts().then(({ attachQueue }) => use(attachQueue), fail),
});
/** Names long polling in the option `transports`. The class itself is in `@sockeye/client/engine`. */
const Polling: TransportClass = /* @__PURE__ */ transportNamed("polling");

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
  Polling as Fetch,
  Polling as NodeXHR,
  Polling as XHR,
  WebSocketTransport as NodeWebSocket,
  WebSocketTransport as WebSocket,
};
