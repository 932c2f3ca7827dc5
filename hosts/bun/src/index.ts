// @sockeye/bun: the Socket.IO server on Bun.

export type {
  BroadcastCounts,
  DefaultEventsMap,
  DisconnectReason,
  Event,
  ExtendedError,
  Handshake,
} from "@sockeye/core";
export { msgpackCodec } from "@sockeye/core";
export type {
  BunFetch,
  BunHandler,
  BunServer,
  BunWebSocket,
  BunWebSocketCallbacks,
} from "./bun.ts";
export type { BunRequest } from "./options.ts";
export {
  type BunServerConstructor,
  type BunServerDiagnostics,
  type EngineServer,
  type Listenable,
  Namespace,
  type RemoteSocket,
  Server,
  type ServerOptions,
  Socket,
} from "./typed.ts";
