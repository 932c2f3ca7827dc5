// Options of the adapters for NATS: meaning in the interface, default and limits in the rules.

import { amount, custom, type Rules, resolveOptions } from "@sockeye/portable";

/** Options of the adapters for NATS. */
export interface NatsOptions {
  /**
   * Begins the subjects: clusters with different keys do not hear each other. One or more names with dots between them,
   * without blanks, `*` and `>`. Default `"sockeye"`.
   */
  readonly key: string;
  /** Most bytes that wait for NATS; what is sent beyond them is rejected. Default 64 MiB. */
  readonly maxPendingBytes: number;
}

const SUBJECT = /^[^\s.*>]+(\.[^\s.*>]+)*$/;

const rules: Rules<NatsOptions> = {
  key: custom(
    "sockeye",
    (key) => typeof key === "string" && SUBJECT.test(key),
    "a subject without wildcards",
  ),
  maxPendingBytes: amount({ fallback: 64 * 1024 * 1024, min: 1024, unit: "bytes" }),
};

/** Options with their defaults. @throws OptionError with all problems */
export function resolveNatsOptions(given: object): NatsOptions {
  return resolveOptions(rules, given).options;
}

/** Where JetStream keeps streams. */
export type JetStreamStorage = "file" | "memory";

/**
 * Options of the adapter over JetStream. Limits, replicas and storage are those of streams that are made: one that is there
 * already is taken as it is.
 */
export interface JetStreamOptions extends NatsOptions {
  /** So many messages are kept; a client that has missed older ones begins anew. Default 10 000. */
  readonly maxLen: number;
  /** So many bytes of messages are kept, `Infinity` for as many as there are. Default 256 MiB. */
  readonly maxBytes: number;
  /** How long messages are kept, in milliseconds. Default `Infinity`: as long as the other limits allow. */
  readonly maxAge: number;
  /** How many servers of a NATS cluster have each stream: 1, 3 or 5. Default 1. */
  readonly replicas: number;
  /** Whether streams survive a restart of NATS (`"file"`). Default `"file"`. */
  readonly storage: JetStreamStorage;
  /** The domain of JetStream, where it is not that of the server. Default `""`. */
  readonly domain: string;
  /** How often JetStream says that it is there, in milliseconds; after three times that, the stream is read anew. Default 1 000. */
  readonly idleHeartbeat: number;
}

const jetStreamRules: Rules<JetStreamOptions> = {
  ...rules,
  maxLen: amount({ fallback: 10_000, min: 1, unit: "messages" }),
  maxBytes: amount({
    ...{ fallback: 256 * 1024 * 1024, min: 1024, unit: "bytes", infinity: "allowed" },
  }),
  maxAge: amount({ fallback: Infinity, min: 1000, unit: "milliseconds", infinity: "allowed" }),
  replicas: amount({ fallback: 1, min: 1, max: 5, unit: "servers" }),
  storage: custom<JetStreamStorage>(
    "file",
    (storage) => storage === "file" || storage === "memory",
    '"file" or "memory"',
  ),
  domain: custom(
    "",
    (domain) => domain === "" || (typeof domain === "string" && SUBJECT.test(domain)),
    "the name of a domain",
  ),
  // JetStream takes no shorter ones.
  idleHeartbeat: amount({ fallback: 1000, min: 100, unit: "milliseconds" }),
};

/** Options with their defaults. @throws OptionError with all problems */
export function resolveJetStreamOptions(given: object): JetStreamOptions {
  return resolveOptions(jetStreamRules, given).options;
}
