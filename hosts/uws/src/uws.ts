// The used part of uWebSockets.js, written here: the module is handed in by the application, whichever build it has.

import type { AskedRequest, LineResponse, MessageWebSocket } from "@sockeye/server";

/** A response. Valid until it has ended or was aborted; outside of its handler, output is corked by `cork`. */
export interface UwsResponse extends LineResponse {
  getRemoteAddressAsText(): ArrayBuffer;
  /** Completes a WebSocket handshake. Calls `open` before it returns. */
  upgrade(data: object, key: string, protocol: string, extensions: string, context: unknown): void;
}

/** A WebSocket. Valid until its callback `close`; each of its methods throws afterwards. */
export interface UwsWebSocket extends MessageWebSocket {
  /** @returns 1: passed on; 0: it waits for the client; 2: it was dropped */
  send(data: string | ArrayBuffer | Uint8Array, isBinary: boolean, compress?: boolean): number;
  /** Sends a close frame. Calls `close` before it returns. */
  end(code?: number, reason?: string): unknown;
  /** Ends the network connection. Calls `close` before it returns. */
  close(): unknown;
  /** The object that the handshake was completed with; its fields are also those of the WebSocket. */
  getUserData(): unknown;
}

/** Handles a request. */
export type UwsHandler = (response: UwsResponse, request: AskedRequest) => void;

/** What an application does with the WebSockets of one route. */
export interface UwsBehavior {
  readonly maxPayloadLength: number;
  readonly maxBackpressure: number;
  readonly idleTimeout: number;
  readonly sendPingsAutomatically: boolean;
  readonly compression: number;
  upgrade(response: UwsResponse, request: AskedRequest, context: unknown): void;
  open(ws: UwsWebSocket): void;
  /** The bytes are valid during the call. */
  message(ws: UwsWebSocket, message: ArrayBuffer, isBinary: boolean): void;
  drain(ws: UwsWebSocket): void;
  close(ws: UwsWebSocket, code: number, reason: ArrayBuffer): void;
}

/** An application of uWebSockets.js: what `App()` and `SSLApp()` return. */
export interface UwsApp {
  any(pattern: string, handler: UwsHandler): unknown;
  ws(pattern: string, behavior: UwsBehavior): unknown;
  listen(port: number, callback: (socket: unknown) => void): unknown;
}

/** The module: `import uws from "uWebSockets.js"`. */
export interface UwsModule {
  App(options?: object): UwsApp;
  us_listen_socket_close(socket: unknown): void;
  us_socket_local_port(socket: unknown): number;
}
