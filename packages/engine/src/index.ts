// The engine's list for the server core and for hosts.

export type { Frame } from "@sockeye/protocol";
export { Connection } from "./connection.ts";
export type { ConnectionHandler, ConnectionObserver } from "./connection-handler.ts";
export {
  type ConnectionView,
  createEngineDiagnostics,
  type EngineDiagnostics,
  type EnginePayloads,
  type FrameSeen,
  type LimitHit,
} from "./diagnostics.ts";
export {
  Engine,
  type EngineHooks,
  type EnginePlatform,
  type Ticket,
} from "./engine.ts";
export type { HandshakeHooks, Verdict } from "./handshakes.ts";
export {
  type EngineOptions,
  engineOptionRules,
  resolveEngineOptions,
  type TransportName,
} from "./options.ts";
export type {
  BodySink,
  HttpExchange,
  HttpReply,
  ReplyHeaders,
  RequestHead,
  RequestHeaders,
} from "./ports/http.ts";
export type {
  Flushable,
  Framer,
  PreparedFrame,
  RawSocket,
  RawSocketSink,
  SendOutcome,
} from "./ports/raw-socket.ts";
export { parseQuery } from "./query.ts";
export type { Closing, Reason } from "./reasons.ts";
export { refusedRequest } from "./refusal-hints.ts";
export { bodyOf, type Refusal, RefusalCode, refusal, statusOf } from "./refusals.ts";
export {
  type Busy,
  busy,
  type Saved,
  type SavedConnection,
  type SavedHeartbeat,
  type SavedRequest,
  type SavedTransport,
} from "./saved-connection.ts";
export { SharedMessage } from "./shared-message.ts";
export { type Arrival, POLLING, type TransportKind, WEBSOCKET } from "./transports/kinds.ts";
export type { EndCause, Transport, TransportSink } from "./transports/transport.ts";
export type { UpgradeFailure } from "./upgrade-attempt.ts";
