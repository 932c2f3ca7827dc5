// The options of the package `cors`, as it declares them. Written here, so that the declarations of an installed server
// need no package of types.

import type { RequestHeaders } from "@sockeye/engine";

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
export interface CorsRequest<Headers = RequestHeaders> {
  method?: string | undefined;
  headers: Headers;
}

/** Calls back with the options for a request. */
export type CorsOptionsDelegate<T = CorsRequest> = (
  request: T,
  callback: (error: Error | null, options?: CorsOptions) => void,
) => void;
