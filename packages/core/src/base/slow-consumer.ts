// The option `slowConsumer`: what becomes of events for a client that does not read as fast as is sent.

import { describe, type Rule } from "@sockeye/portable";
import type { Packet } from "@sockeye/protocol";
import { PacketType } from "@sockeye/protocol";

/**
 * What becomes of an event that a client cannot take yet.
 * - `"close"`: it waits; beyond the limits the client is disconnected as `slow consumer`.
 * - `"drop-oldest"`: it waits; beyond the limits the oldest that waits is dropped.
 * - `"drop-newest"`: it waits; beyond the limits it is dropped itself.
 * - `"latest"`: it waits in the place of an earlier one of its name.
 * - `"volatile"`: it is dropped, as with `socket.volatile`.
 */
export type SlowConsumerPolicy = "close" | "drop-oldest" | "drop-newest" | "latest" | "volatile";

/** Policies by the names of events. */
export interface SlowConsumerOptions {
  /** For events that are not named. Default `"close"`. */
  readonly default?: SlowConsumerPolicy;
  /** By the name of the event. Default none. */
  readonly events?: Readonly<Record<string, SlowConsumerPolicy>>;
}

/** The option as it is kept: a map, so that no name of an event finds a member of an object. */
export interface SlowConsumerPolicies {
  readonly usual: SlowConsumerPolicy;
  readonly byEvent: ReadonlyMap<unknown, SlowConsumerPolicy>;
}

const POLICIES: readonly unknown[] = ["close", "drop-oldest", "drop-newest", "latest", "volatile"];
const NAMES = POLICIES.join(", ");

function problemOf(value: unknown): string | undefined {
  if (typeof value === "string") {
    return POLICIES.includes(value) ? undefined : `must be one of ${NAMES}, not ${describe(value)}`;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return `must be one of ${NAMES}, or an object, not ${describe(value)}`;
  }
  const { default: usual = "close", events = {} } = value as SlowConsumerOptions;
  const wrong = [usual, ...Object.values(events)].find((each) => !POLICIES.includes(each));
  return wrong === undefined ? undefined : `has policies other than ${NAMES}: ${describe(wrong)}`;
}

/** The rule of the option. */
export const slowConsumerRule: Rule<SlowConsumerPolicies> = {
  fallback: { usual: "close", byEvent: new Map() },
  check: problemOf,
  convert(value) {
    const given = (typeof value === "string" ? { default: value } : value) as SlowConsumerOptions;
    return {
      usual: given.default ?? "close",
      byEvent: new Map(Object.entries(given.events ?? {})),
    };
  },
};

/** The policy for a packet. Only events are ever dropped, and none that expects an acknowledgement. */
export function policyOf(
  { data, id, type }: Packet,
  policies: SlowConsumerPolicies,
): SlowConsumerPolicy {
  if (type !== PacketType.EVENT || id !== undefined) return "close";
  const event = Array.isArray(data) ? data[0] : undefined;
  return policies.byEvent.get(event) ?? policies.usual;
}
