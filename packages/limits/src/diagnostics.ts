// The diagnostics points of limits.

import { createPoints, type PointRows, type Points } from "@sockeye/portable";
import type { LimitPolicy } from "./options.ts";

/** A limit, by the name of its option. */
export type LimitName =
  /** Open connections of this server. */
  | "connections.total"
  /** Open connections of one address. */
  | "connections.byAddress"
  /** Handshakes a second of one address. */
  | "handshakes"
  /** Events a second. */
  | `events.${RateScope}`
  /** Bytes a second. */
  | `bytes.${RateScope}`
  /** Namespaces of one connection. */
  | "namespaces"
  /** Rooms of one connection. */
  | "rooms"
  /** Events of one socket that the application has not answered. */
  | "pendingAnswers"
  /** Acknowledgements of one socket that the server waits for. */
  | "acks"
  /** Milliseconds without authentication. */
  | "unauthenticated"
  /** Events of one socket that wait for a limiter of the cluster. */
  | "maxPending"
  /** Events and namespaces of one connection that were refused within a minute. */
  | "closeAfter";

/** What a rate is counted by. */
export type RateScope = "bySocket" | "byAddress" | "byUser" | "byName";

/** What each point publishes. */
export interface LimitsPayloads {
  limitReached: {
    readonly limit: LimitName;
    readonly value: number;
    readonly policy: LimitPolicy;
    /** As it is counted: a network of IPv6, say. */
    readonly address: string;
    /** The user, where the limit counts by users. */
    readonly user?: string | undefined;
    /** The id of the socket; `null` where there is none yet. */
    readonly socket: string | null;
    readonly event?: string | undefined;
  };
  limiterFailed: { readonly limit: LimitName; readonly error: unknown };
  addressesForgotten: { readonly value: number };
}

/** When each point publishes. */
const ROWS: PointRows<LimitsPayloads> = {
  limitReached: "a limit was reached, with its name, its value and what follows",
  limiterFailed:
    "a limiter of the cluster failed: the limit of this server counts, or none where there is none",
  addressesForgotten:
    "as many addresses or users without connections as `maxTracked` are known: the older half was forgotten",
};

/** The points of the limits of one server. */
export type LimitsDiagnostics = Points<LimitsPayloads>;

/** Makes the points of one server. */
export function createLimitsDiagnostics(): LimitsDiagnostics {
  return createPoints("sockeye:limits", ROWS);
}
