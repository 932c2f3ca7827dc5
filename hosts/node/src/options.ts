// Options of the Node host, on top of those of the engine and the core.

import type { IncomingMessage } from "node:http";
import { type CoreOptions, coreOptionRules } from "@sockeye/core";
import { type EngineOptions, engineOptionRules } from "@sockeye/engine";
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
import type { CompressionOptions } from "./compression.ts";
import type {
  CorsOptions,
  CorsOptionsDelegate,
  PerMessageDeflateOptions,
  WebSocketServerOptions,
} from "./foreign-options.ts";

/** What such a server hands out: a WebSocket with the methods of those of `ws`. */
export interface EngineSocket {
  on(event: string, listener: (...args: never[]) => void): unknown;
  close(code?: number, reason?: string): void;
  terminate(): void;
}

/** The used part of the server class of `ws`; other implementations may replace it. */
export interface WebSocketEngine {
  handleUpgrade(
    request: IncomingMessage,
    socket: import("node:stream").Duplex,
    head: Buffer,
    callback: (ws: EngineSocket) => void,
  ): void;
  on(event: "headers", listener: (headers: string[], request: IncomingMessage) => void): unknown;
  close(): void;
}

/** Constructs a WebSocket server, as `WebSocketServer` of `ws` does. */
export type WebSocketEngineConstructor = new (options: WebSocketServerOptions) => WebSocketEngine;

/** A cookie that carries the session id. */
export interface CookieOptions extends SerializeOptions {
  /** Default `io`. */
  readonly name?: string;
}

/** Decides about a handshake: `decide(null, true)` allows it, `decide("reason", false)` refuses it. */
export type AllowRequest = (
  request: IncomingMessage,
  decide: (error: string | null | undefined, isAllowed: boolean) => void,
) => void;

/** Options that only the Node host has. Durations are milliseconds. */
export interface NodeOptions {
  /** Path of all requests. Default `/socket.io`. */
  readonly path: string;
  /** Whether the path ends in a slash. Default `true`. */
  readonly addTrailingSlash: boolean;
  /** Whether the browser client is served under the path. Default `true`. */
  readonly serveClient: boolean;
  /** Cross-origin requests, as options of the `cors` package. Default: no headers, so that browsers refuse them. */
  readonly cors: CorsOptions | CorsOptionsDelegate | undefined;
  /** A cookie with the session id, for load balancers. Default none; `true` means the default cookie. */
  readonly cookie: CookieOptions | undefined;
  /** Decides about handshakes. */
  readonly allowRequest: AllowRequest | undefined;
  /** Compression of WebSocket messages. Default `false`. */
  readonly perMessageDeflate: PerMessageDeflateOptions | false;
  /** Compression of polling responses. Default from 1024 bytes on. */
  readonly httpCompression: CompressionOptions | false;
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

/** All options of a server on Node. */
export interface ServerOptions extends EngineOptions, CoreOptions, NodeOptions {}

const DEFAULT_COOKIE = { name: "io", path: "/", httpOnly: true, sameSite: "lax" } as const;
const DEFAULT_PATH = "/socket.io";
const THRESHOLD = { threshold: 1024 } as const;
const DESTROY_TIMEOUT = 1000;

const milliseconds = amount({ fallback: DESTROY_TIMEOUT, min: 0, unit: "milliseconds" });

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

/** `false`, `true` for `defaults`, or an object; `merge` says whether it is merged with the defaults. */
function switchable<T extends object>(
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

const cors: Rule<CorsOptions | CorsOptionsDelegate | undefined> = {
  ...custom<CorsOptions | CorsOptionsDelegate | undefined>(
    undefined,
    (value) => typeof value === "boolean" || isObject(value) || typeof value === "function",
    "an object or a function",
  ),
  // Gateways of NestJS use `true` for every origin; Socket.IO accepts it.
  convert(value) {
    if (value === false) return undefined;
    return value === true ? {} : (value as CorsOptions | CorsOptionsDelegate);
  },
  // Socket.IO takes any text for every origin; the text that it is most likely meant as is safer.
  lenient: (value) =>
    typeof value === "string" && value !== "" ? { as: { origin: value } } : unlessGiven(value),
};

const nodeOptionRules: Rules<NodeOptions> = {
  path,
  addTrailingSlash: flag(true, "true unless false"),
  serveClient: flag(true, "true unless false"),
  cors,
  cookie,
  allowRequest: callback<AllowRequest>(),
  perMessageDeflate: switchable<PerMessageDeflateOptions>(false, (value) =>
    value === true ? THRESHOLD : { ...THRESHOLD, ...value },
  ),
  httpCompression: switchable<CompressionOptions>(THRESHOLD, (value) =>
    value === true ? THRESHOLD : value,
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

/** The rule of every option of a server on Node. */
export const serverOptionRules: Rules<ServerOptions> = {
  ...engineOptionRules,
  ...coreOptionRules,
  ...nodeOptionRules,
};

/** Checks the options of a standalone engine and fills in defaults. @throws OptionError with every problem */
export function resolveEngineServerOptions(input: object): Resolved<ServerOptions> {
  const rules: Rules<EngineOptions & NodeOptions> = { ...engineOptionRules, ...nodeOptionRules };
  // A standalone engine has no options of the core.
  return resolveOptions(rules, input) as Resolved<
    EngineOptions & NodeOptions
  > as Resolved<ServerOptions>;
}

/** Checks options and fills in defaults. @throws OptionError with every problem */
export function resolveServerOptions(input: object): Resolved<ServerOptions> {
  return resolveOptions(serverOptionRules, input);
}
