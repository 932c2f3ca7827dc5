// The public list of the Nest adapter.

export type {
  Acknowledge,
  GatewayOptions,
  GatewayServer,
  GatewaySocket,
  MessageHandler,
  NestApplication,
  ResultObserver,
  Results,
  Subscription,
  ToResults,
} from "./shapes.ts";
export { SockeyeAdapter, type SockeyeAdapterOptions } from "./sockeye-adapter.ts";
