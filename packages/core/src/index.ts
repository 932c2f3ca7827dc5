// The server core's list for hosts and for applications with a host of their own.

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
export { BroadcastOperator } from "./api/broadcast-operator.ts";
export { type Middleware, Namespace } from "./api/namespace.ts";
export { ParentNamespace } from "./api/parent-namespace.ts";
export { type RemoteDetails, RemoteSocket } from "./api/remote-socket.ts";
export { runtimeOf, Server } from "./api/server.ts";
export { Socket } from "./api/socket.ts";
export {
  type ExtendedError,
  middlewareStep,
  type Next,
  runChain,
  type Step,
} from "./base/chain.ts";
export {
  type BroadcastCounts,
  type CoreDiagnostics,
  type CoreLimit,
  type CorePayloads,
  coreDiagnosticsRows,
  type DropReason,
  type PointSocket,
  type RecoveryMiss,
  type ServerDiagnostics,
} from "./base/diagnostics.ts";
export type { CoreError, CoreErrorCode } from "./base/errors.ts";
export type { Handshake } from "./base/handshake.ts";
export {
  type AdapterFactory,
  type CoreOptions,
  coreOptionRules,
  type ListenerErrorHandler,
  SLOW_MIDDLEWARE,
  type UserCodeKind,
} from "./base/options.ts";
export type { DisconnectReason } from "./base/reasons.ts";
export type { ServerPlatform } from "./base/services.ts";
export type {
  SlowConsumerOptions,
  SlowConsumerPolicies,
  SlowConsumerPolicy,
} from "./base/slow-consumer.ts";
export { Patience, stallHint } from "./base/stalls.ts";
export { type CallSite, type Question, UserCode } from "./base/user-code.ts";
export type { Client } from "./compat/client-face.ts";
export {
  ConnectionFace,
  type FlushListener,
  faceOf,
  registerOwner,
  type SendOptions,
} from "./compat/connection-face.ts";
export type { ForeignEngine, ForeignSocket } from "./compat/foreign-connection.ts";
export type { SentCallback, SentPacket } from "./compat/send-journal.ts";
export { TransportFace } from "./compat/transport-face.ts";
export type { SocketMiddleware } from "./members/event-middleware.ts";
export type { NamespaceMatcher } from "./members/namespaces.ts";
export type { Runtime } from "./members/runtime.ts";
export type { SavedPeer, SavedRecovery, SavedSocket } from "./members/saved-peer.ts";
export type { Event } from "./members/socket-face.ts";
export type * from "./typed/index.ts";
