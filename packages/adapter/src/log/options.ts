// Options of a cluster that has a log: meaning in the interface, default and limits in the rules.

import { amount, type Rules, resolveOptions } from "@sockeye/portable";

/** Options of the adapters that have a log. */
export interface LogOptions {
  /**
   * Most bytes that wait while the log is away. What is sent beyond them is rejected, and clients begin anew. Default 64 MiB.
   */
  readonly maxPendingBytes: number;
  /**
   * Bytes of recent messages kept in memory, so that clients that return soon cost no reading of the log. Default 16 MiB.
   */
  readonly maxReplayBytes: number;
}

/** One rule per option. */
export const logOptionRules: Rules<LogOptions> = {
  maxPendingBytes: amount({ fallback: 64 * 1024 * 1024, min: 1024, unit: "bytes" }),
  maxReplayBytes: amount({ fallback: 16 * 1024 * 1024, min: 0, unit: "bytes" }),
};

/** Options with their defaults. Names of other layers are ignored. @throws OptionError with all problems */
export function resolveLogOptions(given: Partial<LogOptions> = {}): LogOptions {
  return resolveOptions(logOptionRules, given).options;
}
