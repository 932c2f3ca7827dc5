// Options of the adapter for PostgreSQL: meaning in the interface, default and limits in the rules.

import { amount, custom, type Rules, resolveOptions } from "@sockeye/portable";

/** The wire form: ours, or that of Socket.IO's adapter, for a cluster that has servers or emitters of both. */
export type PostgresWire = "sockeye" | "socket.io";

/** Options of the adapter for PostgreSQL. Durations are milliseconds. */
export interface PostgresOptions {
  /**
   * The wire form between servers. `"socket.io"`: that of `@socket.io/postgres-adapter`, for a cluster that has such
   * servers, or emitters, beside ours; without its own order and gaps, and without a log. Default `"sockeye"`.
   */
  readonly wire: PostgresWire;
  /** Begins the names of the channels: clusters with different keys do not hear each other. At most 20 characters. Default `"sockeye"`, or `"socket.io"` with that wire form (its option `channelPrefix`). */
  readonly key: string;
  /** The table of messages that are too long for a notification; it is created when it is missing. Default `"sockeye_messages"`, or `"socket_io_attachments"` with the wire form of Socket.IO. */
  readonly tableName: string;
  /** So long a message stays in the table. Default 30 000. */
  readonly messageTimeout: number;
  /** Most bytes that wait for PostgreSQL, in each direction; what is sent beyond them is rejected. Default 64 MiB. */
  readonly maxPendingBytes: number;
}

const isKey = (key: unknown): boolean => typeof key === "string" && /^[^"\0]{1,20}$/.test(key);
const isName = (name: unknown): boolean =>
  typeof name === "string" && /^[A-Za-z_][A-Za-z0-9_]{0,62}$/.test(name);

const rules: Rules<PostgresOptions> = {
  wire: custom<PostgresWire>(
    "sockeye",
    (wire) => wire === "sockeye" || wire === "socket.io",
    '"sockeye" or "socket.io"',
  ),
  key: custom("", isKey, "a text of 1 to 20 characters without quotation marks"),
  tableName: custom("", isName, "a name of letters, digits and underscores"),
  messageTimeout: amount({ fallback: 30_000, min: 1000, unit: "milliseconds" }),
  maxPendingBytes: amount({ fallback: 64 * 1024 * 1024, min: 1024, unit: "bytes" }),
};

/** Options of the adapter over a log in a table. Durations are milliseconds. */
export interface PostgresLogOptions {
  /**
   * The table of the log, at most 40 characters; it is created when it is missing, with others and two functions whose
   * names begin with it. Default `"sockeye_log"`.
   */
  readonly logTableName: string;
  /** About so many messages are kept; a client that has missed older ones begins anew. Default 10 000. */
  readonly maxLen: number;
  /** About so many bytes of messages are kept. Default 256 MiB. */
  readonly maxBytes: number;
  /** About so long a message is kept. Default 3 600 000, one hour. */
  readonly maxAge: number;
  /** How often a quiet log is polled, in case a notification was lost. Default 1 000. */
  readonly pollInterval: number;
}

const logRules: Rules<PostgresLogOptions> = {
  logTableName: custom(
    "sockeye_log",
    (name) => isName(name) && String(name).length <= 40,
    "a name of at most 40 letters, digits and underscores",
  ),
  maxLen: amount({ fallback: 10_000, min: 1, unit: "messages" }),
  maxBytes: amount({ fallback: 256 * 1024 * 1024, min: 1024, unit: "bytes" }),
  maxAge: amount({ fallback: 3_600_000, min: 1000, unit: "milliseconds" }),
  pollInterval: amount({ fallback: 1000, min: 10, unit: "milliseconds" }),
};

/** Options with their defaults. @throws OptionError with all problems */
export function resolvePostgresLogOptions(given: object): PostgresLogOptions {
  return resolveOptions(logRules, given).options;
}

/** Options with their defaults. @throws OptionError with all problems */
export function resolvePostgresOptions(given: object): PostgresOptions {
  const { options } = resolveOptions(rules, given);
  const { key, tableName, wire } = options;
  const table = wire === "sockeye" ? "sockeye_messages" : "socket_io_attachments";
  return { ...options, key: key || wire, tableName: tableName || table };
}
