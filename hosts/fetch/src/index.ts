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
export type { UpgradedWebSocket, WebSocketLike } from "@sockeye/hosting";
export type { FetchRequest } from "./options.ts";
export {
  type EngineServer,
  type FetchServerConstructor,
  type FetchServerDiagnostics,
  Namespace,
  type RemoteSocket,
  Server,
  type ServerOptions,
  Socket,
} from "./typed.ts";
export type { FetchHandler, UpgradeWebSocket } from "./web.ts";
