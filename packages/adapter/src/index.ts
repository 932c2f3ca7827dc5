// The public list of the adapter package.

export { Adapter } from "./adapter.ts";
export type {
  AdapterContract,
  AdapterNamespace,
  AdapterSocket,
  AnswerCallback,
  BroadcastFlags,
  BroadcastOptions,
  ClientCountCallback,
  Delivery,
  Missed,
  Room,
  Session,
  SocketId,
} from "./contract.ts";
export { type RecoverySettings, SessionAwareAdapter } from "./session-aware-adapter.ts";
