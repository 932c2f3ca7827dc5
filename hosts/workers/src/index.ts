// @sockeye/workers: the Socket.IO server on Cloudflare Workers, in a Durable Object.

export type {
  BroadcastCounts,
  DefaultEventsMap,
  DisconnectReason,
  Event,
  ExtendedError,
  Handshake,
} from "@sockeye/core";
export { msgpackCodec } from "@sockeye/core";
export type { ObjectState } from "./cloudflare.ts";
export type { WorkersRequest } from "./options.ts";
export { SocketObject } from "./socket-object.ts";
export {
  type EngineServer,
  Namespace,
  type RemoteSocket,
  Server,
  type ServerOptions,
  Socket,
  type WorkersServerConstructor,
  type WorkersServerDiagnostics,
} from "./typed.ts";
export type { ObjectHandler } from "./workers-engine.ts";
