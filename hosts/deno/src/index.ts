// @sockeye/deno: the Socket.IO server on Deno.

export type {
  BroadcastCounts,
  DefaultEventsMap,
  DisconnectReason,
  Event,
  ExtendedError,
  Handshake,
} from "@sockeye/core";
export { msgpackCodec } from "@sockeye/core";
export type { DenoHandler, DenoServeInfo, DenoServer } from "./deno.ts";
export type { DenoRequest } from "./options.ts";
export {
  type DenoServerConstructor,
  type DenoServerDiagnostics,
  type EngineServer,
  type Listenable,
  Namespace,
  type RemoteSocket,
  Server,
  type ServerOptions,
  Socket,
} from "./typed.ts";
