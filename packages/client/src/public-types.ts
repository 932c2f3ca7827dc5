// The types that both entry points export.

export type {
  Auth,
  ClientOptions,
  EngineOptions,
  ManagerOptions,
  SocketOptions,
} from "./options.ts";
export type {
  CloseDetails,
  Transport,
  TransportClass,
  TransportError,
  TransportSetup,
  TransportSink,
} from "./transports/transport.ts";
