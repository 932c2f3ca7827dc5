// The client for pages that have WebSocket, and nothing else: little more than half the bytes.

import { compactJsonCodec, PROTOCOL_REVISION } from "@sockeye/protocol";
import { listen, pageLocation } from "./browser.ts";
import { Engine } from "./engine/engine.ts";
import type { EnginePlatform } from "./engine/engine-platform.ts";
import { loneLink } from "./engine/link.ts";
import { leanParts } from "./lean.ts";
import { WebSocketTransport } from "./transports/web-socket.ts";
import { createTypedIo, type Manager as TypedManager } from "./typed/attach.ts";
import type { DefaultEventsMap, EventsMap, Io, ManagerConstructor } from "./typed/index.ts";

const engines: EnginePlatform = {
  binaryType: "arraybuffer",
  createLink: /* @__PURE__ */ loneLink(WebSocketTransport),
};
const io: Io = /* @__PURE__ */ createTypedIo({
  pageLocation,
  listen,
  createSession: (options) => new Engine(options, engines),
  ...leanParts(compactJsonCodec),
});

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
