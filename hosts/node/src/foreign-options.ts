// The options of `cors` and `ws` that the server takes, as those packages declare them. Written here, so that the
// declarations of an installed server need no package of types but that of Node.

import type { IncomingHttpHeaders } from "node:http";
import type { ZlibOptions } from "node:zlib";

/** Origins that are allowed: all of them, one, those that a pattern matches, or any of a list. */
export type CorsOrigin = boolean | string | RegExp | (boolean | string | RegExp)[];

/** Options of the package `cors`. */
export interface CorsOptions {
  /** Allowed origins, or a function that calls back with them. Default `*`. */
  origin?:
    | CorsOrigin
    | ((
        requestOrigin: string | undefined,
        callback: (error: Error | null, origin?: CorsOrigin) => void,
      ) => void)
    | undefined;
  /** Default `GET,HEAD,PUT,PATCH,POST,DELETE`. */
  methods?: string | string[] | undefined;
  /** Default: those that the request asks for. */
  allowedHeaders?: string | string[] | undefined;
  /** Default none. */
  exposedHeaders?: string | string[] | undefined;
  /** Whether cookies are allowed. Default `false`. */
  credentials?: boolean | undefined;
  /** Seconds for which a browser may remember the answer. */
  maxAge?: number | undefined;
  /** Whether preflight requests go on to the engine. Default `false`. */
  preflightContinue?: boolean | undefined;
  /** Status of the answer to preflight requests. Default 204. */
  optionsSuccessStatus?: number | undefined;
}

/** What a request is for `CorsOptionsDelegate`. */
export interface CorsRequest {
  method?: string | undefined;
  headers: IncomingHttpHeaders;
}

/** Calls back with the options for a request. */
export type CorsOptionsDelegate<T extends CorsRequest = CorsRequest> = (
  request: T,
  callback: (error: Error | null, options?: CorsOptions) => void,
) => void;

/** Compression of messages, as `ws` has it. */
export interface PerMessageDeflateOptions {
  serverNoContextTakeover?: boolean | undefined;
  clientNoContextTakeover?: boolean | undefined;
  serverMaxWindowBits?: number | undefined;
  clientMaxWindowBits?: number | undefined;
  zlibDeflateOptions?:
    | {
        flush?: number | undefined;
        finishFlush?: number | undefined;
        chunkSize?: number | undefined;
        windowBits?: number | undefined;
        level?: number | undefined;
        memLevel?: number | undefined;
        strategy?: number | undefined;
        dictionary?: Buffer | Buffer[] | DataView | undefined;
        info?: boolean | undefined;
      }
    | undefined;
  zlibInflateOptions?: ZlibOptions | undefined;
  /** Bytes from which on a message is compressed. Default 1024. */
  threshold?: number | undefined;
  concurrencyLimit?: number | undefined;
}

/** What the server of WebSockets is created with. */
export interface WebSocketServerOptions {
  noServer?: boolean | undefined;
  clientTracking?: boolean | undefined;
  perMessageDeflate?: boolean | PerMessageDeflateOptions | undefined;
  /** Bytes of a message. */
  maxPayload?: number | undefined;
}
