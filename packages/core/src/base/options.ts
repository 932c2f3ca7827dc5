// Options of the server core: meaning in the interface, default and limits in the rules.

import type { AdapterContract, AdapterNamespace } from "@sockeye/adapter";
import {
  amount,
  callback,
  custom,
  describe,
  flag,
  type Rule,
  type Rules,
  resolveOptions,
  unlessGiven,
} from "@sockeye/portable";
import { type Codec, codecOf, isCustomParser, jsonCodec, strictCodec } from "@sockeye/protocol";
import type { UserCodeKind } from "./diagnostics.ts";
import type { Handshake } from "./handshake.ts";
import { type SlowConsumerPolicies, slowConsumerRule } from "./slow-consumer.ts";

/**
 * Makes the adapter of a namespace: a class that is constructed with it, or a function that returns one. A class need
 * not name the type of its sockets: `class X extends Adapter` is enough.
 */
export type AdapterFactory =
  | (new (
      nsp: AdapterNamespace<never>,
    ) => AdapterContract)
  | ((nsp: AdapterNamespace<never>) => AdapterContract);

export type { UserCodeKind };

/**
 * Called with an error that code of the application threw, or with which a promise it returned was rejected. `socket`
 * is the socket concerned, or `null`; `event` is the event that was handled, or names the code (`ack`, `adapter`, …);
 * `kind` says what kind of code it is, which no name of an event can be taken for.
 */
export type ListenerErrorHandler<Socket = unknown> = (
  ...failure: [error: unknown, socket: Socket | null, event: string, kind: UserCodeKind]
) => void;

/**
 * Connection state recovery: its duration and memory limits. The limits hold for the whole server: its namespaces share
 * them, and beyond them the oldest packet or session of any namespace is dropped. They apply to the adapter in memory;
 * other adapters have their own.
 */
export interface RecoveryOptions {
  /** Milliseconds for which the session and the packets of a disconnected socket are kept. Default 120 000. */
  readonly maxDisconnectionDuration: number;
  /** Whether a recovered socket skips the namespace's middleware. Default `true`. */
  readonly skipMiddlewares: boolean;
  /** Most packets kept. Default 100 000. */
  readonly maxPackets: number;
  /**
   * Most bytes kept for packets: the encoded packets (characters, where they are text) and about 160 bytes for each,
   * more for several rooms. Default 64 MiB.
   */
  readonly maxBytes: number;
  /** Most sessions kept, regardless of the size of their rooms and `data`. Default 100 000. */
  readonly maxSessions: number;
  /** Recovers clients that cannot recover by themselves, at least once. Default: none. */
  readonly replay: ReplayOptions | undefined;
}

/**
 * Recovery of clients that name no session: those of Socket.IO for Swift, Java, C++, Dart and Python. Their rooms and data
 * come back, and what was sent since the last ping that they have answered is sent again.
 */
export interface ReplayOptions {
  /**
   * Names a client, so that it is known again when it comes back, from what it has sent: a device, an installation, not
   * a user. Two clients with one key end each other's connections. The key gives the session to any client that sends it, so it has to be
   * a secret of the client, or taken from a token that this function verifies; middleware runs all the same. At most
   * 256 characters.
   * @param nsp the name of the namespace
   * @returns nothing for clients that are not known again, or can recover by themselves
   */
  readonly key: (handshake: Handshake, nsp: string) => string | null | undefined;
  /**
   * Whether events end with an offset, as clients that can recover need it. `false` for servers without such clients:
   * listeners then get the arguments that were emitted and nothing else, and clients that could recover are recovered by
   * their keys, too. Default `true`.
   */
  readonly offsets?: boolean;
}

/** Options of the server core. Durations are milliseconds. */
export interface CoreOptions {
  /** Time within which a client must join a namespace. Default 45 000; 0 means the default, as in Socket.IO. */
  readonly connectTimeout: number;
  /** The adapter of each namespace. Default: in memory. */
  readonly adapter: AdapterFactory | undefined;
  /** Whether namespaces created from a pattern are removed when their last socket has left. Default `false`. */
  readonly cleanupEmptyChildNamespaces: boolean;
  /** Restores rooms, data and missed packets of clients that reconnect in time. Default: off. */
  readonly connectionStateRecovery: RecoveryOptions | undefined;
  /** How packets become frames: a codec, or a parser `{ Encoder, Decoder }` in Socket.IO's form. Default: JSON. */
  readonly parser: Codec;
  /**
   * Receives the errors of listeners. Default: none; an error of a listener is then an uncaught exception, and that of
   * an async listener an unhandled rejection, as with Socket.IO.
   */
  readonly onListenerError: ListenerErrorHandler<never> | undefined;
  /**
   * Whether nothing of the application's that this server calls ends the process: errors that `onListenerError` does not take are shown
   * as warnings, at most ten a second. Default `false`.
   */
  readonly safe: boolean;
  /**
   * Time after which middleware that has not called `next` is published at `middlewareStalled`; it may still call it
   * later. 0 for never. Default 10 000.
   */
  readonly slowMiddleware: number;
  /**
   * What becomes of events for a client that does not read as fast as is sent: a policy, or policies by the names of events.
   * Default `"close"`: they wait, and beyond `maxSendBufferSize` or `maxSendBufferPackets` the client is disconnected.
   */
  readonly slowConsumer: SlowConsumerPolicies;
  /** Most binary attachments of one packet of a client. A `parser` has limits of its own. Default 10 000. */
  readonly maxAttachments: number;
  /** Most bytes of the attachments of one packet of a client. A `parser` has limits of its own. Default 10 000 000. */
  readonly maxAttachmentBytes: number;
  /** How long a client may take to send the attachments of a packet, in milliseconds. Default 60 000. */
  readonly attachmentTimeout: number;
  /** Most packets that wait for one client, besides 256 KiB that its transport has taken. Default `Infinity`. */
  readonly maxSendBufferPackets: number;
}

/** The default of `slowMiddleware`. */
export const SLOW_MIDDLEWARE = 10_000;
const CONNECT_TIMEOUT = 45_000;
/** The codec of servers without the option `parser`. */
export const USUAL_CODEC: Codec = jsonCodec();

function isFunction(value: unknown): boolean {
  return typeof value === "function";
}

function hasKey(value: unknown): boolean {
  return isFunction((value as Partial<ReplayOptions> | null)?.key);
}

function isParser(value: unknown): boolean {
  if (isCustomParser(value)) return true;
  const codec = value as Partial<Codec> | null;
  return typeof codec?.encode === "function" && typeof codec.createDecoder === "function";
}

const milliseconds = amount({ fallback: CONNECT_TIMEOUT, min: 0, unit: "milliseconds" });

const connectTimeout: Rule<number> = {
  ...milliseconds,
  convert: (value) => (value as number) || CONNECT_TIMEOUT,
  lenient: (value) => unlessGiven(value) ?? milliseconds.lenient?.(value),
};

const recoveryRules: Rules<RecoveryOptions> = {
  maxDisconnectionDuration: amount({ fallback: 120_000, min: 1, unit: "milliseconds" }),
  skipMiddlewares: flag(true),
  maxPackets: amount({ fallback: 100_000, min: 1, unit: "packets" }),
  maxBytes: amount({ fallback: 2 ** 26, min: 1, unit: "bytes" }),
  maxSessions: amount({ fallback: 100_000, min: 1, unit: "sessions" }),
  replay: custom<ReplayOptions | undefined>(undefined, hasKey, "an object with a function `key`"),
};

const recovery: Rule<RecoveryOptions | undefined> = {
  fallback: undefined,
  check(value) {
    if (typeof value === "boolean" || value === null) return undefined;
    if (typeof value !== "object") return `must be an object, not ${describe(value)}`;
    try {
      resolveOptions(recoveryRules, value as object);
      return undefined;
    } catch (error) {
      return `has ${(error as Error).message}`;
    }
  },
  convert: (value) =>
    value
      ? resolveOptions(recoveryRules, value === true ? {} : (value as object)).options
      : undefined,
  remarks: (value) =>
    typeof value === "object" && value !== null
      ? resolveOptions(recoveryRules, value).remarks.map(({ text }) => text)
      : [],
  lenient: (value) =>
    typeof value === "string" || typeof value === "number" ? { as: Boolean(value) } : undefined,
};

/** The rule of each option. */
export const coreOptionRules: Rules<CoreOptions> = {
  connectTimeout,
  adapter: {
    ...custom<AdapterFactory | undefined>(undefined, isFunction, "an adapter class or factory"),
    lenient: unlessGiven,
  },
  cleanupEmptyChildNamespaces: flag(false),
  connectionStateRecovery: recovery,
  parser: {
    ...custom<Codec>(USUAL_CODEC, isParser, "a codec, or an object with Encoder and Decoder"),
    convert: (value) => (isCustomParser(value) ? strictCodec(codecOf(value)) : (value as Codec)),
    lenient: unlessGiven,
  },
  onListenerError: callback<ListenerErrorHandler<never>>(),
  safe: flag(false),
  slowMiddleware: amount({ fallback: SLOW_MIDDLEWARE, min: 0, unit: "milliseconds" }),
  slowConsumer: slowConsumerRule,
  maxAttachments: amount({ fallback: 10_000, min: 0, unit: "attachments" }),
  maxAttachmentBytes: amount({ fallback: 1e7, min: 0, unit: "bytes", infinity: "allowed" }),
  attachmentTimeout: amount({ fallback: 60_000, min: 1, unit: "milliseconds" }),
  maxSendBufferPackets: amount({
    fallback: Infinity,
    min: 1,
    unit: "packets",
    infinity: "allowed",
  }),
};
