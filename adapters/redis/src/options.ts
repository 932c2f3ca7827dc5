// Options of the adapters for Redis: meaning in the interface, default and limits in the rules.

import { amount, custom, type Rules, resolveOptions } from "@sockeye/portable";

/** The wire form: ours, or that of Socket.IO's adapter, for a cluster that has servers or emitters of both. */
export type RedisWire = "sockeye" | "socket.io";

/** Options of the adapters for Redis. */
export interface RedisOptions {
  /**
   * The wire form between servers. `"socket.io"`: that of `@socket.io/redis-adapter`, or over a stream that of
   * `@socket.io/redis-streams-adapter`, for a cluster that has such servers, or emitters, beside ours; without its own
   * order, gaps, heartbeats and recovery. Default `"sockeye"`.
   */
  readonly wire: RedisWire;
  /**
   * Begins the names of the channels and keys: clusters with different keys do not hear each other. With the wire form of
   * Socket.IO it is their option `key`, `channelPrefix` or `streamName`. Default `"sockeye"`, or `"socket.io"` with that
   * wire form.
   */
  readonly key: string;
  /** Most bytes that wait for Redis; what is sent beyond them is rejected. Default 64 MiB. */
  readonly maxPendingBytes: number;
}

const rules: Rules<RedisOptions> = {
  wire: custom<RedisWire>(
    "sockeye",
    (wire) => wire === "sockeye" || wire === "socket.io",
    '"sockeye" or "socket.io"',
  ),
  key: custom("", (key) => typeof key === "string" && key !== "", "a text"),
  maxPendingBytes: amount({ fallback: 64 * 1024 * 1024, min: 1024, unit: "bytes" }),
};

/** Options with their defaults. @throws OptionError with all problems */
export function resolveRedisOptions(given: object): RedisOptions {
  const { options } = resolveOptions(rules, given);
  return options.key === "" ? { ...options, key: options.wire } : options;
}

/** Options of the adapter over a stream. The names are those of `@socket.io/redis-streams-adapter`, where it has them. */
export interface StreamsOptions {
  /** About so many messages are kept; a client that has missed older ones begins anew. Default 10 000. */
  readonly maxLen: number;
  /** How long a reading waits for messages, in milliseconds. Default 1 000. */
  readonly blockTimeInMs: number;
}

const streamsRules: Rules<StreamsOptions> = {
  maxLen: amount({ fallback: 10_000, min: 1, unit: "messages" }),
  blockTimeInMs: amount({ fallback: 1000, min: 10, unit: "milliseconds" }),
};

/** Options with their defaults. @throws OptionError with all problems */
export function resolveStreamsOptions(given: object): StreamsOptions {
  return resolveOptions(streamsRules, given).options;
}
