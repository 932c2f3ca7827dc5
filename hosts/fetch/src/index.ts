// @sockeye/fetch: the Socket.IO server on whatever speaks Request and Response.

export type {
  BroadcastCounts,
  DefaultEventsMap,
  DisconnectReason,
  Event,
  ExtendedError,
  Handshake,
} from "@sockeye/core";
export { msgpackCodec } from "@sockeye/core";
export type { FetchServerDiagnostics } from "./diagnostics.ts";
export type { FetchRequest } from "./options.ts";
export {
  type EngineServer,
  type FetchServerConstructor,
  Namespace,
  type RemoteSocket,
  Server,
  type ServerOptions,
  Socket,
} from "./typed.ts";
export type {
  FetchHandler,
  UpgradedWebSocket,
  UpgradeWebSocket,
  WebSocketLike,
} from "./web.ts";
