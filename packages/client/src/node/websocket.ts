// The client that has WebSocket only, in Node: what it lacks in a page, it lacks here too, so that tests in Node show it.

import { PROTOCOL_REVISION } from "@sockeye/protocol";
import { warnOfNames } from "../hints/option-names.ts";
import { withoutLacking } from "../lean.ts";
import { Socket as RuntimeSocket } from "../socket.ts";
import { createLeanIo } from "../typed/attach.ts";
import type { DefaultEventsMap, EventsMap } from "../typed/index.ts";
import type {
  LeanIo,
  LeanManager,
  LeanManagerConstructor,
  LeanSocket,
  LeanSocketConstructor,
} from "../typed/lean-faces.ts";
import { nameClass } from "./inspection.ts";
import { NodeEngine, nodePlatform, nodeWebSockets } from "./node-platform.ts";

const engines = nodeWebSockets();
const io: LeanIo = createLeanIo({
  ...nodePlatform,
  // The one of a page has no transports, and so none that knows of headers and certificates.
  createSession: (options) => new NodeEngine({ ...options, transports: ["websocket"] }, engines),
  socketClass: RuntimeSocket,
  checked(options) {
    warnOfNames(options);
    return withoutLacking(options);
  },
});

nameClass(io.Manager, "Manager");
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
export type * from "../public-types.ts";
export type * from "../typed/index.ts";
export type {
  LeanClientOptions as ClientOptions,
  LeanIo as Io,
  LeanManagerConstructor as ManagerConstructor,
  LeanManagerOptions as ManagerOptions,
  LeanSocketConstructor as SocketConstructor,
  LeanSocketOptions as SocketOptions,
} from "../typed/lean-faces.ts";
