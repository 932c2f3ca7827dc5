// Options of every host's server, on top of those of the engine and the core: paths, CORS, cookies, compression of
// responses, decisions about handshakes.

import { type CoreOptions, coreOptionRules } from "@sockeye/core";
import { type EngineOptions, engineOptionRules, type RequestHeaders } from "@sockeye/engine";
import {
  amount,
  callback,
  custom,
  describe,
  flag,
  type Resolved,
  type Rule,
  type Rules,
  resolveOptions,
  unlessGiven,
} from "@sockeye/portable";
import { type SerializeOptions, serialize } from "cookie";
import type { CorsOptions, CorsOptionsDelegate, CorsRequest } from "./cors-options.ts";
import type { ForeignOrigins } from "./foreign-origin.ts";

/** A cookie that carries the session id. */
export interface CookieOptions extends SerializeOptions {
  /** Default `io`. */
  readonly name?: string;
}

/** Decides about a handshake: `decide(null, true)` allows it, `decide("reason", false)` refuses it. */
export type AllowRequest<Request = unknown> = (
  request: Request,
  decide: (error: string | null | undefined, isAllowed: boolean) => void,
) => void;

/** What the session of a request is bound to; the requests of a session have to agree. */
export type BindSession<Request = unknown> = (
  request: Request,
) => string | number | bigint | boolean | null | undefined;

/** The headers of a host's request. */
export type HeadersOf<Request> = Request extends { headers: infer Headers }
  ? Headers
  : RequestHeaders;

/** Compression of polling responses. */
export interface CompressionOptions {
  /** Smallest body, in bytes, that is compressed. */
  readonly threshold?: number;
}

/** Options of every host's server. `Request`: its request, as `socket.request`. */
export interface HttpOptions<Request = unknown> {
  /** Path of all requests. Default `/socket.io`. */
  readonly path: string;
  /** Whether the path ends in a slash. Default `true`. */
  readonly addTrailingSlash: boolean;
  /** Whether the browser client is served under the path. Default `true`. */
  readonly serveClient: boolean;
  /**
   * Whether balancers may ask, below the path: `/socket.io/health` is answered with 200 while the process runs, `/socket.io/ready`
   * with 200, and with 503 until the adapter knows the other servers (`requestsTimeout` at most) and as soon as the server is drained.
   * Default `false`.
   */
  readonly healthChecks: boolean;
  /**
   * Whether requests and WebSockets for a session of another server are passed on to that one, so that load balancers need
   * not be sticky. The adapter has to be one of ours, in our own wire form: another one is refused when the server is attached.
   * Default `false`.
   */
  readonly forwardSessions: boolean;
  /**
   * With `forwardSessions`: most bytes of request bodies that were passed on and wait for the answer of another server. Further
   * requests are answered with 503, and told at the point `limitReached`. Default 64 MiB.
   */
  readonly maxForwardedBytes: number;
  /** Cross-origin requests, as options of the `cors` package. Default: no headers, so that browsers refuse them. */
  readonly cors: CorsOptions | CorsOptionsDelegate<CorsRequest<HeadersOf<Request>>> | undefined;
  /**
   * What becomes of a handshake from a page of another origin that carries cookies or an `Authorization` header, and whose origin
   * neither `cors` nor middleware allows: any page could connect as its visitor. `"refuse"` answers 403 (400 to a WebSocket), `"warn"`
   * accepts it and warns once, `"accept"` is Socket.IO's behaviour. Default `refuse`; `warn` in the packages that stand in
   * for Socket.IO's, and for engines on their own.
   */
  readonly foreignOrigins: ForeignOrigins;
  /**
   * Binds sessions to what opened them: returns a text or number of a request, such as a cookie of the application's, and later
   * requests of the session for which it returns another one are answered as if there were no such session. The function is called for
   * each request over polling and each upgrade, and must not keep the request. Default: none; who knows a session's id can use it.
   */
  readonly bindSession: BindSession<Request> | undefined;
  /** A cookie with the session id, for load balancers. Default none; `true` means the default cookie, with `Secure` over TLS. */
  readonly cookie: CookieOptions | undefined;
  /** Decides about handshakes. */
  readonly allowRequest: AllowRequest<Request> | undefined;
  /** Compression of polling responses. Default from 1024 bytes on. */
  readonly httpCompression: CompressionOptions | false;
}

/** All options of a server, but for those that only its host has. */
export interface ServerOptions<Request = unknown>
  extends EngineOptions,
    CoreOptions,
    HttpOptions<Request> {}

const DEFAULT_COOKIE = { name: "io", path: "/", httpOnly: true, sameSite: "lax" } as const;
const DEFAULT_PATH = "/socket.io";
/** From how many bytes on a message or a response is compressed. */
export const DEFAULT_THRESHOLD = { threshold: 1024 } as const;

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

/** `false`, `true` for `defaults`, or an object; `merge` says whether it is merged with the defaults. */
export function switchable<T extends object>(
  fallback: T | false,
  convert: (value: T | true) => T,
): Rule<T | false> {
  return {
    fallback,
    check: (value) =>
      typeof value === "boolean" || isObject(value)
        ? undefined
        : `must be true, false or an object, not ${describe(value)}`,
    convert: (value) => (value === false ? false : convert(value as T | true)),
    lenient(value) {
      if (value === null) return { as: false, isPlain: true };
      const isPlainValue = typeof value === "string" || typeof value === "number";
      return isPlainValue ? { as: Boolean(value) } : undefined;
    },
  };
}

const cookie: Rule<CookieOptions | undefined> = {
  fallback: undefined,
  check(value) {
    if (typeof value === "boolean" || value === null) return undefined;
    if (!isObject(value)) return `must be true, false or an object, not ${describe(value)}`;
    // Validated now: an invalid name or attribute would fail every handshake.
    try {
      const { name, ...attributes } = { ...DEFAULT_COOKIE, ...(value as CookieOptions) };
      serialize(name, "id", attributes);
      return undefined;
    } catch (error) {
      return `cannot be written: ${(error as Error).message}`;
    }
  },
  convert: (value) => {
    if (value === false || value === null) return undefined;
    return { ...DEFAULT_COOKIE, ...(value === true ? {} : (value as CookieOptions)) };
  },
  // A name is not one of Socket.IO's options: the cookie has the default name.
  lenient: (value) =>
    typeof value === "string" || typeof value === "number" ? { as: Boolean(value) } : undefined,
};

const path: Rule<string> = {
  ...custom(DEFAULT_PATH, (value) => typeof value === "string", "a string"),
  // An empty string means the default, as in Socket.IO.
  convert: (value) => ((value as string) || DEFAULT_PATH).replace(/\/$/, ""),
  lenient: unlessGiven,
};

const cors: Rule<HttpOptions["cors"]> = {
  ...custom<HttpOptions["cors"]>(
    undefined,
    (value) => typeof value === "boolean" || isObject(value) || typeof value === "function",
    "an object or a function",
  ),
  // Gateways of NestJS use `true` for every origin; Socket.IO accepts it.
  convert(value) {
    if (value === false) return undefined;
    return value === true ? {} : (value as HttpOptions["cors"]);
  },
  // Socket.IO takes any text for every origin; the text that it is most likely meant as is safer.
  lenient: (value) =>
    typeof value === "string" && value !== "" ? { as: { origin: value } } : unlessGiven(value),
};

const httpOptionRules: Rules<HttpOptions> = {
  path,
  addTrailingSlash: flag(true, "true unless false"),
  serveClient: flag(true, "true unless false"),
  healthChecks: flag(false),
  forwardSessions: flag(false),
  maxForwardedBytes: amount({ fallback: 64 * 1024 * 1024, min: 1024, unit: "bytes" }),
  cors,
  foreignOrigins: custom<ForeignOrigins>(
    "refuse",
    (value) => value === "refuse" || value === "warn" || value === "accept",
    '"refuse", "warn" or "accept"',
  ),
  bindSession: callback<BindSession>(),
  cookie,
  allowRequest: callback<AllowRequest>(),
  // As in Socket.IO: `true` replaces the default, threshold included, so that every answer is compressed.
  httpCompression: switchable<CompressionOptions>(DEFAULT_THRESHOLD, (value) =>
    value === true ? {} : value,
  ),
};

/** The rule of every option of a server, but for those that only its host has. */
export const serverOptionRules: Rules<ServerOptions> = {
  ...engineOptionRules,
  ...coreOptionRules,
  ...httpOptionRules,
};

/** Checks the options of a standalone engine and fills in defaults. @throws OptionError with every problem */
export function resolveEngineOptionsFor<HostOptions extends object>(
  input: object,
  rules: Rules<HostOptions>,
): Resolved<ServerOptions & HostOptions> {
  // A standalone engine has no options of the core.
  const all = { ...engineOptionRules, ...httpOptionRules, ...rules };
  return resolveOptions(all, input) as unknown as Resolved<ServerOptions & HostOptions>;
}

let preset: Partial<ServerOptions> = {};

/**
 * Sets options that the servers of this process have from now on unless they are given others. For packages that stand in for
 * Socket.IO's: where our default is stricter, they keep that of Socket.IO.
 * @example presetOptions({ foreignOrigins: "warn" });
 */
export function presetOptions(options: Partial<ServerOptions>): void {
  preset = { ...preset, ...options };
}

/** Checks options and fills in defaults. @throws OptionError with every problem */
export function resolveOptionsFor<HostOptions extends object>(
  input: object,
  rules: Rules<HostOptions>,
): Resolved<ServerOptions & HostOptions> {
  const all = { ...serverOptionRules, ...rules };
  return resolveOptions(all, { ...preset, ...input }) as unknown as Resolved<
    ServerOptions & HostOptions
  >;
}
