// The server core's list for hosts and for applications that bring their own host.

export {
  Adapter,
  type AdapterContract,
  type AdapterNamespace,
  type BroadcastFlags,
  type BroadcastOptions,
  type Room,
  type SocketId,
} from "@sockeye/adapter";
export { msgpackCodec } from "@sockeye/protocol";
export { BroadcastOperator } from "./broadcast-operator.ts";
export { ConnectionFace, type FlushListener, faceOf, type SendOptions } from "./connection-face.ts";
export type { ForeignEngine, ForeignSocket } from "./foreign-connection.ts";
export type { Handshake } from "./handshake.ts";
export type { ExtendedError, Middleware, Next } from "./middleware.ts";
export { Namespace } from "./namespace.ts";
export {
  type AdapterFactory,
  type CoreOptions,
  coreOptionRules,
  type ListenerErrorHandler,
} from "./options.ts";
export { type NamespaceMatcher, ParentNamespace } from "./parent-namespace.ts";
export { Peer } from "./peer.ts";
export type { DisconnectReason } from "./reasons.ts";
export { type RemoteDetails, RemoteSocket } from "./remote-socket.ts";
export type { SentCallback, SentPacket } from "./send-journal.ts";
export { Server, type ServerPlatform } from "./server.ts";
export { Socket } from "./socket.ts";
export type { Event, SocketMiddleware } from "./socket-middleware.ts";
export { TransportFace } from "./transport-face.ts";
export type * from "./typed/index.ts";
export { type Question, UserCode, type Whereabouts } from "./user-code.ts";
