// @sockeye/node: the Socket.IO server on Node.

export type {
  DefaultEventsMap,
  DisconnectReason,
  Event,
  ExtendedError,
  Handshake,
} from "@sockeye/core";
export { callable as "module.exports" } from "./callable.ts";
export {
  BroadcastOperator,
  Namespace,
  type NodeServerConstructor,
  type RemoteSocket,
  Server,
  type ServerOptions,
  Socket,
} from "./typed.ts";
