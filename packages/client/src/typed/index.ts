// The typed faces of the client: what both entry points export besides values.

export type {
  AllButLast,
  DecorateAcknowledgements,
  DefaultEventsMap,
  EventNames,
  EventNamesWithAck,
  EventParams,
  EventsMap,
  FirstArg,
  FirstNonErrorArg,
  Last,
  ReservedOrUserEventNames,
  ReservedOrUserListener,
} from "@sockeye/events";
export type { EngineSession } from "../engine-io/socket.ts";
export type { Io, ManagerConstructor, SocketConstructor } from "./io.ts";
export type {
  DisconnectDescription,
  DisconnectReason,
  ExtendedError,
  ManagerReservedEvents,
  SocketReservedEvents,
} from "./reserved-events.ts";
