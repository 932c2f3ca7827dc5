// @sockeye/node: the Socket.IO server on Node.

export type {
  BroadcastCounts,
  DefaultEventsMap,
  DisconnectReason,
  Event,
  ExtendedError,
  Handshake,
} from "@sockeye/core";
export { msgpackCodec } from "@sockeye/core";
export { BroadcastOperator } from "./broadcast-operator.ts";
export { callable as "module.exports" } from "./callable.ts";
export type { NodeServerDiagnostics } from "./diagnostics.ts";
export { Socket } from "./socket.ts";
export {
  Namespace,
  type NodeServerConstructor,
  type RemoteSocket,
  Server,
  type ServerOptions,
} from "./typed.ts";
