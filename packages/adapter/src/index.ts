// The public list of the adapter package.

export { Adapter } from "./adapter.ts";
export { Admission, type AdmissionPort, type HoldLimits } from "./admission/admission.ts";
export { ALONE, type Channel, type ChannelReceiver } from "./channels.ts";
export type {
  AdapterContract,
  AdapterNamespace,
  AdapterSocket,
  AnswerCallback,
  BroadcastFlags,
  BroadcastOptions,
  ClientCountCallback,
  Delivery,
  LiveSession,
  LostClients,
  Missed,
  MissedRange,
  Room,
  Session,
  SocketId,
} from "./contract.ts";
export { RecoveryBudget, type RecoveryLimits } from "./recovery/budget.ts";
export type { LogEntry } from "./recovery/log.ts";
export type { KeptRecovery, RecoveryStore } from "./recovery/store.ts";
export { type RecoverySettings, SessionAwareAdapter } from "./session-aware-adapter.ts";
