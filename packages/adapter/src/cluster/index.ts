// The public list of `@sockeye/adapter/cluster`: what an adapter for a broker is made of.

export {
  CompatibleHub,
  type CompatibleHubSetUp,
  type CompatibleLink,
  type OwnRooms,
} from "../compatible/compatible-hub.ts";
export { anonymous, CompatibleRequests } from "../compatible/compatible-requests.ts";
export {
  areFields,
  type CompatibleData,
  type CompatibleMessage,
  type CompatibleOptions,
  decodeCompatible,
  EMITTER,
  encodeCompatible,
  isPlain,
  messageIn,
  messageOf,
} from "../compatible/message-form.ts";
export {
  type CompatibleSetUp,
  MessageLink,
  type MessageTransport,
  type OnCompatible,
} from "../compatible/message-link.ts";
export { logAdapters, type MakeLogAdapter } from "../log/factory.ts";
export { LogAdapter } from "../log/log-adapter.ts";
export { contiguous, type EpochEntry, type KnownEntry, LogCursor } from "../log/log-cursor.ts";
export type { LogBroker } from "../log/log-hub.ts";
export { type LogOptions, logOptionRules } from "../log/options.ts";
export type { ClusterBacklog, LinkBacklog } from "./backlog.ts";
export type { Bus, BusPublish, BusReceiver, BusState, NodeId } from "./bus.ts";
export { ClusterAdapter } from "./cluster-adapter.ts";
export {
  type ClusterDiagnostics,
  type ClusterLimit,
  type ClusterPayloads,
  clusterDiagnosticsRows,
  createClusterDiagnostics,
  type LogGap,
  type NodeEnd,
  type SessionLoss,
} from "./diagnostics.ts";
export { type EmitterLink, EmitterOperator, emitterLink } from "./emitter.ts";
export { type ClusterError, type ClusterErrorCode, clusterError } from "./errors.ts";
export { adaptersOf, clusterAdapters, type MakeClusterAdapter } from "./factory.ts";
export { Hub, type HubSetUp } from "./hub.ts";
export {
  type Answer,
  type Body,
  type EvictRequest,
  type GapIntent,
  type Header,
  type Intent,
  type Message,
  type Request,
  type SentRequest,
  type SharedFlags,
  type Target,
  Values,
} from "./intents.ts";
export type { Lease, Leases, LeaseWrite } from "./leases.ts";
export type { ClusterLink, LinkHub, NodeNamespace, Question, Reply } from "./link.ts";
export type { Log, LogBatch, LogEntry, LogPoint, LogReceiver } from "./log.ts";
export { decodeMessage, decodeValues, encodeMessage, encodeValues, VERSION } from "./message.ts";
export { type ClusterOptions, clusterOptionRules, resolveClusterOptions } from "./options.ts";
export { type Asker, type RequestEnd, Requests } from "./requests.ts";
