// The types that both entry points export.

export type { ClientHintCode } from "./hints/hint-code.ts";
export type {
  Auth,
  ClientOptions,
  EngineOptions,
  ManagerOptions,
  SocketOptions,
  TransportClass,
  TransportSetup,
} from "./options.ts";
export type { Outbox, OutboxEntry, OutboxProvider } from "./outbox/event-queue.ts";
export type { Advice, Status } from "./status.ts";
export type {
  Carrier,
  CloseDetails,
  Transport,
  TransportError,
  TransportSink,
} from "./transports/transport.ts";
