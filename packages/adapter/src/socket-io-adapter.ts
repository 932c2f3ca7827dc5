// The adapters with the names and shapes of the package `socket.io-adapter`, for packages that extend its classes. The
// library's own server does not use this file.

export { Adapter } from "./adapter.ts";
export { ClusterAdapter } from "./compat/cluster-adapter.ts";
export { ClusterAdapterWithHeartbeat } from "./compat/heartbeat-adapter.ts";
export {
  type ClusterAdapterOptions,
  type ClusterMessage,
  type ClusterResponse,
  MessageType,
  type Offset,
  type PrivateSessionId,
  type ServerId,
} from "./compat/messages.ts";
export { SessionAwareAdapter } from "./compat/session-aware-adapter.ts";
export type { BroadcastFlags, BroadcastOptions, Room, Session, SocketId } from "./contract.ts";
