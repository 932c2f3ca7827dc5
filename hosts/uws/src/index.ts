// @sockeye/uws: the Socket.IO server on uWebSockets.js.

export type {
  BroadcastCounts,
  DefaultEventsMap,
  DisconnectReason,
  Event,
  ExtendedError,
  Handshake,
} from "@sockeye/core";
export { msgpackCodec } from "@sockeye/core";
export type { UwsServerDiagnostics } from "./diagnostics.ts";
export type { UwsRequestRecord } from "./options.ts";
export {
  type EngineServer,
  Namespace,
  type RemoteSocket,
  Server,
  type ServerOptions,
  Socket,
  type UwsServerConstructor,
} from "./typed.ts";
export type { UwsApp, UwsModule } from "./uws.ts";
export type { UwsServer } from "./uws-engine.ts";
