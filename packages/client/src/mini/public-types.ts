// The types that both entry points of the small client export.

export type { Auth } from "../options.ts";
export type { Advice, Status } from "../status.ts";
export type * from "../typed/event-types.ts";
export type {
  DisconnectDescription,
  DisconnectReason,
  ExtendedError,
  SocketReservedEvents,
} from "../typed/reserved-events.ts";
export type { Connect, MiniSocket } from "./face.ts";
export type { MiniOptions } from "./options.ts";
