// The client that has WebSocket only, in Node: what it lacks in a page, it lacks here too, so that tests in Node show it.

import { PROTOCOL_REVISION } from "@sockeye/protocol";
import { loneLink } from "../engine/link.ts";
import { leanParts } from "../lean.ts";
import type { Manager as TypedManager } from "../typed/attach.ts";
import type { DefaultEventsMap, EventsMap, Io, ManagerConstructor } from "../typed/index.ts";
import { createNodeIo, nodeCodec, nodeEngine } from "./node-platform.ts";
import { WsTransport } from "./ws-transport.ts";

const io: Io = createNodeIo(
  { ...nodeEngine, createLink: loneLink(WsTransport) },
  leanParts(nodeCodec),
);

const Manager: ManagerConstructor = io.Manager;
/** Keeps a connection to a server, and shares it between sockets. */
type Manager<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
> = TypedManager<ListenEvents, EmitEvents>;

export { io, io as connect, io as default, Manager };
/** Revision of the Socket.IO protocol spoken here. */
export const protocol: number = PROTOCOL_REVISION;
export type * from "../public-types.ts";
export { Socket } from "../typed/attach.ts";
export type * from "../typed/index.ts";
