// @sockeye/server: what the server of every host does, for authors of hosts.

export { BodyBytes, type BodyBytesPort, BodyReader } from "./body-reader.ts";
export { ClientFiles, type Compress, clientFileIn, type FileSource } from "./client-files.ts";
export {
  type CollectedReply,
  CollectedResponse,
  type MiddlewareResponse,
  mergedHeaders,
} from "./collected-response.ts";
export { type Composed, compose } from "./compose.ts";
export type { CorsOptions, CorsOptionsDelegate, CorsOrigin, CorsRequest } from "./cors-options.ts";
export type { DebugOutput } from "./debug.ts";
export {
  createHostDiagnostics,
  type EngineServerDiagnostics,
  type HostDiagnostics,
  type HostLimit,
  type HostPayloads,
  hostDiagnosticsRows,
} from "./diagnostics.ts";
export type { DrainOptions, DrainReport } from "./drain.ts";
export type { EngineMiddleware, EngineNext } from "./engine-middleware.ts";
export type { EngineOwner } from "./engine-owner.ts";
export { type AttachOptions, EngineServer } from "./engine-server.ts";
export { SERVER_ERRORS, serverError } from "./errors.ts";
export { EventedRawSocket, type EventedSocket } from "./evented-socket.ts";
export {
  type CompressionRule,
  compressedReply,
  SESSION_HEADERS,
  ServerExchange,
} from "./exchange.ts";
export { foldedHeaders, SEPARATOR } from "./folded-headers.ts";
export { Gateway, type GatewayOwner, type Upgrade, type UpgradeRefusal } from "./gateway.ts";
export type { Host, HostEngine } from "./host.ts";
export { type ExitFlush, ExitFlushes } from "./kit/exit-flush.ts";
export { type LineResponse, type LineRules, LineWriter } from "./kit/line-response.ts";
export {
  MessageSocket,
  type MessageSocketContext,
  type MessageWebSocket,
  violation,
} from "./kit/message-socket.ts";
export {
  type NodeFileModules,
  NodeFiles,
  type NodeGlobals,
  type NodeModules,
  type NodeProcess,
  type NodeServices,
  nodeDebug,
  nodeListenerLimits,
  nodeServices,
  type TurnServices,
  turnServices,
  zlibCompress,
} from "./kit/node-services.ts";
export { checkPort, isPort } from "./kit/ports.ts";
export { type AcceptedHandshake, ServerUpgrade } from "./kit/server-upgrade.ts";
export { shortAddress } from "./kit/short-address.ts";
export {
  type AskedRequest,
  type TransientCall,
  TransientEngine,
  type TransientRuntime,
} from "./kit/transient-engine.ts";
export { TransientExchange, type TransientMeans } from "./kit/transient-exchange.ts";
export {
  type HeaderLookUps,
  type TransientPlan,
  TransientRequest,
} from "./kit/transient-request.ts";
export type { Manner, TransientResponse, WriteReply } from "./kit/transient-response.ts";
export { type Completion, type HandshakeMeans, TransientUpgrade } from "./kit/transient-upgrade.ts";
export { WholeFrame } from "./kit/whole-frame.ts";
export { Mount, type MountPlan, type Route, type ServedFiles } from "./mount.ts";
export { acceptedEncoding, type Encoding } from "./negotiation.ts";
export {
  type AllowRequest,
  type BindSession,
  type CompressionOptions,
  type CookieOptions,
  DEFAULT_THRESHOLD,
  type HeadersOf,
  type HttpOptions,
  presetOptions,
  resolveEngineOptionsFor,
  resolveOptionsFor,
  type ServerOptions,
  serverOptionRules,
  switchable,
} from "./options.ts";
export {
  type HeadSource,
  RecordHead,
  type RequestConnection,
  RequestRecord,
} from "./request-record.ts";
export { HostedServer as HostedServerClass } from "./server.ts";
export { headOfSession, pathIn, type SessionRequest } from "./session-request.ts";
export { TurnBatch } from "./turn-batch.ts";
export type {
  AnyData,
  GivenOptions,
  HostedDiagnostics,
  HostedEngine,
  HostedServer,
  HostTypes,
} from "./typed.ts";
export { type HostClasses, type HostedServerConstructor, typedClasses } from "./typed-classes.ts";
export {
  headerLines,
  WebExchange,
  type WebMeans,
  type WebReply,
  type WebRequest,
} from "./web-exchange.ts";
