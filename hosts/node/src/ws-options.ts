// The options of the package `ws` that the server takes, as it declares them, and the used part of its server. Written here, so that
// the declarations of an installed server need no package of types but that of Node.

import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { ZlibOptions } from "node:zlib";
import type { EventedSocket } from "@sockeye/server";

/** As of Node, but for dictionaries, of which the types of `ws` allow several. */
type DeflateOptions = Omit<ZlibOptions, "dictionary"> & {
  dictionary?: Buffer | Buffer[] | DataView | undefined;
};

/** Compression of messages, as `ws` has it. */
export interface PerMessageDeflateOptions {
  serverNoContextTakeover?: boolean | undefined;
  clientNoContextTakeover?: boolean | undefined;
  serverMaxWindowBits?: number | undefined;
  clientMaxWindowBits?: number | undefined;
  zlibDeflateOptions?: DeflateOptions | undefined;
  zlibInflateOptions?: ZlibOptions | undefined;
  /** Bytes from which on a message is compressed. Default 1024. */
  threshold?: number | undefined;
  concurrencyLimit?: number | undefined;
}

/** What the server of WebSockets is created with. */
interface WebSocketServerOptions {
  noServer?: boolean | undefined;
  clientTracking?: boolean | undefined;
  perMessageDeflate?: boolean | PerMessageDeflateOptions | undefined;
  /** Bytes of a message. */
  maxPayload?: number | undefined;
}

/** The used part of the server class of `ws`; other implementations may replace it. */
export interface WebSocketEngine {
  handleUpgrade(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    callback: (ws: EventedSocket) => void,
  ): void;
  on(event: "headers", listener: (headers: string[], request: IncomingMessage) => void): unknown;
  close(): void;
}

/** Constructs a WebSocket server, as `WebSocketServer` of `ws` does. */
export type WebSocketEngineConstructor = new (options: WebSocketServerOptions) => WebSocketEngine;
