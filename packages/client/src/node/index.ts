// The client for Node: the public list.

import { PROTOCOL_REVISION } from "@sockeye/protocol";
import type { Manager as TypedManager } from "../typed/attach.ts";
import type { DefaultEventsMap, EventsMap, Io, ManagerConstructor } from "../typed/index.ts";
import { HttpPolling } from "./http-polling.ts";
import { createNodeIo, nodeEngines } from "./node-platform.ts";
import { WsTransport } from "./ws-transport.ts";

const io: Io = createNodeIo(nodeEngines());

const Manager: ManagerConstructor = io.Manager;
/** Keeps a connection to a server, and shares it between sockets. */
type Manager<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
> = TypedManager<ListenEvents, EmitEvents>;

// `require("@sockeye/client")` gives the function itself.
export { io, io as connect, io as default, io as "module.exports", Manager };
/** Revision of the Socket.IO protocol spoken here. */
export const protocol: number = PROTOCOL_REVISION;
export type * from "../public-types.ts";
export { Socket } from "../typed/attach.ts";
export type * from "../typed/index.ts";
export {
  HttpPolling as Fetch,
  HttpPolling as NodeXHR,
  HttpPolling as XHR,
  WsTransport as NodeWebSocket,
  WsTransport as WebSocket,
};
