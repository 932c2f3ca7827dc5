// Options of the adapter for NATS: meaning in the interface, default and limits in the rules.

import { amount, custom, type Rules, resolveOptions } from "@sockeye/portable";

/** Options of the adapter for NATS. */
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
