// Sessions without namespaces in browsers: the public list, which is that of engine.io-client.

import { ENGINE_REVISION } from "@sockeye/protocol";
import { pageLocation } from "../browser.ts";
import { browserEngines } from "../browser-platform.ts";
import { BrowserWebSocket, browserReserve, FetchPolling } from "../fallback/browser-reserve.ts";
import type { TransportClass } from "../options.ts";
import { type EngineSocket, type EngineSocketClass, engineSocketClass } from "./socket.ts";

/** One session with a server, over one or successive transports. */
export const Socket: EngineSocketClass = engineSocketClass(
  browserEngines({ reserve: browserReserve }),
  pageLocation,
);
/** One session with a server, over one or successive transports. */
export type Socket = EngineSocket;
/** Revision of the Engine.IO protocol spoken here. */
export const protocol: number = ENGINE_REVISION;
/** The transports that can be named in options. */
export const transports: Readonly<Record<string, TransportClass>> = {
  polling: FetchPolling,
  websocket: BrowserWebSocket,
};
export type {
  EngineOptions,
  EngineOptions as SocketOptions,
  TransportClass,
  TransportClass as TransportCtor,
  TransportSetup,
} from "../options.ts";
export type {
  Binary,
  Carrier,
  CloseDetails,
  Transport,
  TransportSink,
  WriteOptions,
} from "../transports/transport.ts";
export { parse } from "./parse.ts";
export type {
  BaseSession,
  EngineEvent,
  EngineSession,
  EngineSocket,
  EngineSocketClass,
} from "./socket.ts";
export { installTimerFunctions, nextTick, type TimerFunctions } from "./timing.ts";
export { TransportError } from "./transport-error.ts";
export {
  BrowserWebSocket as NodeWebSocket,
  BrowserWebSocket as WebSocket,
  FetchPolling as Fetch,
  FetchPolling as NodeXHR,
  FetchPolling as XHR,
};
