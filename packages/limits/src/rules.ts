// Options with their defaults, in the form in which they are asked.

import type { Clock } from "@sockeye/portable";
import { addressFinder, type RequestView } from "./address.ts";
import type { Rate } from "./bucket.ts";
import type { LimitName, RateScope } from "./diagnostics.ts";
import { optionError } from "./errors.ts";
import type {
  ClusterLimiter,
  CountLimit,
  LimitPolicy,
  LimitsOptions,
  RateLimit,
  RateLimits,
} from "./options.ts";
import type { LimitedSocket } from "./sockets.ts";
import { systemClock } from "./system-clock.ts";

/** A limit that is counted a second. */
export interface RateRule {
  readonly limit: LimitName;
  /** What is told as its value. */
  readonly value: number;
  readonly policy: LimitPolicy;
  /** That of this server; `null`: only the cluster's counts. */
  readonly local: Rate | null;
  readonly limiter: ClusterLimiter | null;
}

/** A limit of how many there are. */
export interface CountRule {
  readonly limit: LimitName;
  readonly value: number;
  readonly policy: LimitPolicy;
}

/** The rates of events, or of bytes. */
export interface RateRules {
  readonly bySocket: RateRule | null;
  readonly byAddress: RateRule | null;
  readonly byUser: RateRule | null;
  readonly byName: ReadonlyMap<string, RateRule>;
}

/** All limits of a server. */
export interface LimitRules {
  readonly total: CountRule | null;
  readonly byAddress: CountRule | null;
  readonly handshakes: RateRule | null;
  readonly events: RateRules;
  readonly bytes: RateRules;
  readonly namespaces: CountRule | null;
  readonly rooms: CountRule | null;
  readonly pendingAnswers: CountRule | null;
  readonly acks: CountRule | null;
  readonly unauthenticated: {
    readonly rule: CountRule;
    readonly isAuthenticated: (socket: LimitedSocket) => boolean;
  } | null;
  readonly closeAfter: RateRule & { readonly local: Rate };
  readonly maxPending: CountRule;
  readonly maxTracked: number;
  readonly userOf: (socket: LimitedSocket) => unknown;
  readonly addressOf: (request: RequestView) => string;
  readonly clock: Clock;
}

/** How many of a connection may be refused in how many seconds. */
const REFUSALS_WITHIN = 60;

function positive(value: unknown, name: string): number {
  if (typeof value === "number" && value > 0) return value;
  throw optionError(`${name} must be more than 0`);
}

function policyOf(policy: unknown, name: string): LimitPolicy {
  if (policy === "warn" || policy === "refuse" || policy === "close") return policy;
  throw optionError(`${name} must be "warn", "refuse" or "close"`);
}

/** Makes rules; `usual` is the policy of those that have none of their own. */
class RuleMaker {
  readonly #usual: LimitPolicy;

  constructor(usual: LimitPolicy) {
    this.#usual = usual;
  }

  count(limit: LimitName, given: CountLimit | undefined): CountRule | null {
    if (given === undefined) return null;
    const { max, policy = this.#usual } = typeof given === "object" ? given : { max: given };
    if (!(max >= 0)) throw optionError(`${limit} must be 0 or more`);
    return { limit, value: max, policy: policyOf(policy, `${limit}.policy`) };
  }

  rate(limit: LimitName, given: RateLimit | undefined): RateRule | null {
    if (given === undefined) return null;
    const { limiter = null, policy = this.#usual, rate } = given;
    if (limiter !== null && typeof limiter?.consume !== "function") {
      throw optionError(`${limit}.limiter must have the method consume`);
    }
    if (rate === undefined && limiter === null) {
      throw optionError(`${limit} must have a rate or a limiter`);
    }
    const local = rate === undefined ? null : this.#local(limit, { ...given, rate });
    return {
      ...{ limit, limiter, local, policy: policyOf(policy, `${limit}.policy`) },
      value: limiter?.points ?? rate ?? 0,
    };
  }

  rates(kind: "events" | "bytes", given: RateLimits = {}): RateRules {
    const of = (scope: Exclude<RateScope, "byName">): RateRule | null =>
      this.rate(`${kind}.${scope}`, given[scope]);
    const byName = new Map<string, RateRule>();
    for (const [name, limit] of Object.entries(given.byName ?? {})) {
      const rule = this.rate(`${kind}.byName`, limit);
      if (rule !== null) byName.set(name, rule);
    }
    return {
      ...{ bySocket: of("bySocket"), byAddress: of("byAddress"), byUser: of("byUser") },
      byName,
    };
  }

  #local(limit: LimitName, given: RateLimit & { readonly rate: number }): Rate {
    const rate = positive(given.rate, `${limit}.rate`);
    return { rate, burst: positive(given.burst ?? Math.max(1, rate), `${limit}.burst`) };
  }
}

function unauthenticatedRule(
  given: LimitsOptions<LimitedSocket>["unauthenticated"],
): LimitRules["unauthenticated"] {
  if (given === undefined) return null;
  const { isAuthenticated = ({ data }) => data?.user !== undefined, timeout } = given;
  const value = positive(timeout, "unauthenticated.timeout");
  return { rule: { limit: "unauthenticated", value, policy: "close" }, isAuthenticated };
}

const usualUser = ({ data }: LimitedSocket): unknown => {
  const user: unknown = data?.user;
  if (typeof user !== "object" || user === null || !Object.hasOwn(user, "id")) return undefined;
  return (user as { readonly id: unknown }).id;
};

/** Options with their defaults. @throws TypeError `ERR_LIMITS_OPTIONS` */
export function limitRules(options: LimitsOptions<LimitedSocket>): LimitRules {
  const { closeAfter = 1000, maxPending = 100, maxTracked = 100_000, policy = "refuse" } = options;
  const { forwardedHeader: header = "x-forwarded-for", ipv6Bits = 64, trustProxy = 0 } = options;
  if (!(Number.isInteger(ipv6Bits) && ipv6Bits > 0 && ipv6Bits <= 128)) {
    throw optionError("ipv6Bits must be between 1 and 128");
  }
  const make = new RuleMaker(policyOf(policy, "policy"));
  const { connections = {} } = options;
  return Object.freeze<LimitRules>({
    total: make.count("connections.total", connections.total),
    byAddress: make.count("connections.byAddress", connections.byAddress),
    handshakes: make.rate("handshakes", options.handshakes),
    events: make.rates("events", options.events),
    bytes: make.rates("bytes", options.bytes),
    namespaces: make.count("namespaces", options.namespaces),
    rooms: make.count("rooms", options.rooms),
    pendingAnswers: make.count("pendingAnswers", options.pendingAnswers),
    acks: make.count("acks", options.acks),
    unauthenticated: unauthenticatedRule(options.unauthenticated),
    closeAfter: {
      limit: "closeAfter",
      value: positive(closeAfter, "closeAfter"),
      policy: "close",
      local: { rate: closeAfter / REFUSALS_WITHIN, burst: closeAfter },
      limiter: null,
    },
    maxPending: {
      limit: "maxPending",
      value: positive(maxPending, "maxPending"),
      policy: "refuse",
    },
    maxTracked: positive(maxTracked, "maxTracked"),
    userOf: options.user ?? usualUser,
    addressOf: addressFinder({ header, ipv6Bits, trustProxy }),
    clock: options.clock ?? systemClock,
  });
}

/** Whether any rate of a kind is limited. */
export function isRated({ byAddress, byName, bySocket, byUser }: RateRules): boolean {
  return bySocket !== null || byAddress !== null || byUser !== null || byName.size > 0;
}
