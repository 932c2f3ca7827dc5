// Sessions without namespaces in Node: the public list, which is that of engine.io-client.

import { ENGINE_REVISION } from "@sockeye/protocol";
import {
  type EngineSocket,
  type EngineSocketClass,
  engineSocketClass,
} from "../engine-io/socket.ts";
import type { TransportClass } from "../options.ts";
import { HttpPolling } from "./http-polling.ts";
import { NodeEngine, nodeEngines } from "./node-platform.ts";
import { WsTransport } from "./ws-transport.ts";

/** One session with a server, over one or successive transports. */
export const Socket: EngineSocketClass = engineSocketClass(nodeEngines(), undefined, NodeEngine);
/** One session with a server, over one or successive transports. */
export type Socket = EngineSocket;
/** Revision of the Engine.IO protocol spoken here. */
export const protocol: number = ENGINE_REVISION;
/** The transports that can be named in options. */
export const transports: Readonly<Record<string, TransportClass>> = {
  polling: HttpPolling,
  websocket: WsTransport,
};
export { parse } from "../engine-io/parse.ts";
export type {
  BaseSession,
  EngineEvent,
  EngineSession,
  EngineSocket,
  EngineSocketClass,
} from "../engine-io/socket.ts";
export { installTimerFunctions, nextTick, type TimerFunctions } from "../engine-io/timing.ts";
export { TransportError } from "../engine-io/transport-error.ts";
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
export {
  HttpPolling as Fetch,
  HttpPolling as NodeXHR,
  HttpPolling as XHR,
  WsTransport as NodeWebSocket,
  WsTransport as WebSocket,
};
