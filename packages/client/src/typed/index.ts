// The typed faces of the client: what both entry points export besides values.

export type { BaseSession, EngineSession } from "../engine-io/socket.ts";
export type * from "./event-types.ts";
export type { Io, ManagerConstructor, SocketConstructor } from "./io.ts";
export type {
  DisconnectDescription,
  DisconnectReason,
  ExtendedError,
  ManagerReservedEvents,
  SocketReservedEvents,
} from "./reserved-events.ts";
