// Options of the server core: meaning in the interface, default and limits in the rules.

import type { AdapterContract, AdapterNamespace } from "@sockeye/adapter";
import { amount, custom, flag, type Rule, type Rules } from "@sockeye/portable";
import { type Codec, jsonCodec } from "@sockeye/protocol";
import type { Socket } from "./socket.ts";

/** Makes the adapter of a namespace: a class that is constructed with it, or a function that returns one. */
export type AdapterFactory =
  | (new (
      nsp: AdapterNamespace<Socket>,
    ) => AdapterContract<Socket>)
  | ((nsp: AdapterNamespace<Socket>) => AdapterContract<Socket>);

/**
 * Called with what a listener or an acknowledgement threw, or a promise it returned rejected with.
 * `event` is the event that was being handled.
 */
export type ListenerErrorHandler = (error: unknown, socket: Socket | null, event: string) => void;

/** Options of the server core. Durations are milliseconds. */
export interface CoreOptions {
  /** Time within which a peer must join a namespace. Default 45 000; 0 means the default, as in Socket.IO. */
  readonly connectTimeout: number;
  /** The adapter of each namespace. Default: in memory. */
  readonly adapter: AdapterFactory | undefined;
  /** Whether namespaces made from a pattern go when their last socket has left. Default `false`. */
  readonly cleanupEmptyChildNamespaces: boolean;
  /** How packets become frames. Default: Socket.IO's JSON form. */
  readonly codec: Codec;
  /**
   * Takes over what listeners throw. Default: none; what a listener throws then surfaces as an uncaught exception
   * and what an async one rejects with as an unhandled rejection, as with Socket.IO.
   */
  readonly onListenerError: ListenerErrorHandler | undefined;
}

const CONNECT_TIMEOUT = 45_000;

function isFunction(value: unknown): boolean {
  return typeof value === "function";
}

function isCodec(value: unknown): boolean {
  const codec = value as Partial<Codec> | null;
  return typeof codec?.encode === "function" && typeof codec.createDecoder === "function";
}

const connectTimeout: Rule<number> = {
  ...amount({ fallback: CONNECT_TIMEOUT, min: 0, unit: "milliseconds" }),
  convert: (value) => (value as number) || CONNECT_TIMEOUT,
};

/** The rule of each option. */
export const coreOptionRules: Rules<CoreOptions> = {
  connectTimeout,
  adapter: custom<AdapterFactory | undefined>(undefined, isFunction, "an adapter class or factory"),
  cleanupEmptyChildNamespaces: flag(false),
  codec: custom<Codec>(jsonCodec(), isCodec, "a codec"),
  onListenerError: custom<ListenerErrorHandler | undefined>(undefined, isFunction, "a function"),
};
