// Options of the Node host, on top of those of every host's server.

import type { IncomingMessage } from "node:http";
import type { ZlibOptions } from "node:zlib";
import { amount, callback, flag, type Rules, unlessGiven } from "@sockeye/portable";
import {
  type CompressionOptions as AnyCompressionOptions,
  DEFAULT_THRESHOLD,
  type ServerOptions as OptionsOfEveryHost,
  switchable,
} from "@sockeye/server";
import type { PerMessageDeflateOptions, WebSocketEngineConstructor } from "./ws-options.ts";

/** Options of compression for polling responses: the threshold, and zlib's options. */
interface CompressionOptions extends ZlibOptions, AnyCompressionOptions {}

/** Options that only the Node host has. Durations are milliseconds. */
export interface NodeOptions {
  /** Compression of WebSocket messages. Default `false`. */
  readonly perMessageDeflate: PerMessageDeflateOptions | false;
  /** The implementation of WebSocket. Default: built in, and `ws` for connections that compress. */
  readonly wsEngine: WebSocketEngineConstructor | undefined;
  /** Whether upgrade requests for other paths are closed when no listener answers them. Default `true`. */
  readonly destroyUpgrade: boolean;
  /** How long they may wait for an answer. Default 1000. */
  readonly destroyUpgradeTimeout: number;
  /**
   * Whether Node's request object is kept as long as the connection. Otherwise a request that was not read when the
   * connection listeners have run is released, and `socket.request` creates one with the same content when it is read
   * later. Default `false`.
   */
  readonly keepRequest: boolean;
}

/** Options that Node has, or has in a form of its own. */
export interface NodeHostOptions extends NodeOptions {
  /** Compression of polling responses. Default from 1024 bytes on. */
  readonly httpCompression: CompressionOptions | false;
}

/** All options of a server on Node. */
export interface ServerOptions
  extends Omit<OptionsOfEveryHost<IncomingMessage>, "httpCompression">,
    NodeHostOptions {}

const DESTROY_TIMEOUT = 1000;
const milliseconds = amount({ fallback: DESTROY_TIMEOUT, min: 0, unit: "milliseconds" });

/** The rules of the host's own options. */
export const nodeOptionRules: Rules<NodeHostOptions> = {
  perMessageDeflate: switchable<PerMessageDeflateOptions>(false, (value) =>
    value === true ? DEFAULT_THRESHOLD : { ...DEFAULT_THRESHOLD, ...value },
  ),
  // As in Socket.IO: `true` replaces the default, threshold included, so that every answer is compressed.
  httpCompression: switchable<CompressionOptions>(DEFAULT_THRESHOLD, (value) =>
    value === true ? {} : value,
  ),
  wsEngine: callback<WebSocketEngineConstructor>(),
  destroyUpgrade: flag(true, "true unless false"),
  destroyUpgradeTimeout: {
    ...milliseconds,
    convert: (value) => (value as number) || DESTROY_TIMEOUT,
    lenient: (value) => unlessGiven(value) ?? milliseconds.lenient?.(value),
  },
  keepRequest: flag(false),
};
