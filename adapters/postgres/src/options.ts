// Options of the adapter for PostgreSQL: meaning in the interface, default and limits in the rules.

import { amount, custom, type Rules, resolveOptions } from "@sockeye/portable";

/** Options of the adapter for PostgreSQL. Durations are milliseconds. */
export interface PostgresOptions {
  /** Begins the names of the channels: clusters with different keys do not hear each other. At most 20 characters. Default `"sockeye"`. */
  readonly key: string;
  /** The table of messages that are too long for a notification; it is created when it is missing. Default `"sockeye_messages"`. */
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
  key: custom("sockeye", isKey, "a text of 1 to 20 characters without quotation marks"),
  tableName: custom("sockeye_messages", isName, "a name of letters, digits and underscores"),
  messageTimeout: amount({ fallback: 30_000, min: 1000, unit: "milliseconds" }),
  maxPendingBytes: amount({ fallback: 64 * 1024 * 1024, min: 1024, unit: "bytes" }),
};

/** Options with their defaults. @throws OptionError with all problems */
export function resolvePostgresOptions(given: object): PostgresOptions {
  return resolveOptions(rules, given).options;
}
