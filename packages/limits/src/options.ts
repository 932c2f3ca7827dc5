// Options of limits: meaning and defaults.

import type { Clock, Milliseconds } from "@sockeye/portable";

/**
 * Which proxies may say whom they speak for: how many there are in front of this server, or their addresses, networks
 * (`10.0.0.0/8`) and the words `loopback`, `linklocal` and `uniquelocal`, or a function of an address and its distance from
 * this server, which is 0 for the network connection.
 */
export type TrustProxy =
  | number
  | readonly string[]
  | ((address: string, distance: number) => boolean);

/**
 * What happens beyond a limit. `"warn"`: it goes on, and is published. `"refuse"`: it is refused with an error that the client can read. `"close"`: the
 * connection is closed, after the client was told.
 */
export type LimitPolicy = "warn" | "refuse" | "close";

/** A limiter that several servers share: any of `rate-limiter-flexible`, or one of its form. */
export interface ClusterLimiter {
  /** Rejects with an `Error` when it fails, and with anything else beyond the limit. */
  consume(key: string, points?: number): Promise<unknown>;
  /** Its limit. */
  readonly points: number;
}

/** So much a second, as a token bucket. */
export interface RateLimit {
  /** How much a second. Of a limit with a `limiter` alone: none on this server. */
  readonly rate?: number;
  /** How much at once. Default: as much as in a second, at least 1. */
  readonly burst?: number;
  /** What happens beyond it. Default: the option `policy`. */
  readonly policy?: LimitPolicy;
  /** Counts for all servers of a cluster. When it fails, the rate of this server counts. */
  readonly limiter?: ClusterLimiter;
}

/** So many at a time. */
export type CountLimit = number | { readonly max: number; readonly policy?: LimitPolicy };

/** Rates by what they are counted for. */
export interface RateLimits {
  /** Of one socket: one client in one namespace. Default: no limit. */
  readonly bySocket?: RateLimit;
  /** Of all connections of one address. Default: no limit. */
  readonly byAddress?: RateLimit;
  /** Of all sockets of one user, whom the option `user` names. Default: no limit. */
  readonly byUser?: RateLimit;
  /** Of one socket, for single events by their names. Default: no limit. */
  readonly byName?: Readonly<Record<string, RateLimit>>;
}

/** Limits of open connections. */
export interface ConnectionLimits {
  /** Of this server. Default: no limit. */
  readonly total?: CountLimit;
  /** Of one address. Default: no limit. */
  readonly byAddress?: CountLimit;
}

/** How long connections may be open without authentication. */
export interface UnauthenticatedLimit<Socket = never> {
  /** Milliseconds from the opening of the connection. */
  readonly timeout: Milliseconds;
  /** Whether a socket is authenticated. One that is, is enough for its connection. Default: `socket.data.user` is set. */
  readonly isAuthenticated?: (socket: Socket) => boolean;
}

/** The limits of a server. Whatever is not given has no limit. */
export interface LimitsOptions<Socket = never> {
  /** Open connections. Default: no limit. */
  readonly connections?: ConnectionLimits;
  /** Handshakes of one address. Default: no limit. */
  readonly handshakes?: RateLimit;
  /** Events that clients send. Default: no limit. */
  readonly events?: RateLimits;
  /** Bytes of what clients send, or characters of text. An event that begins within the limit passes whole. Default: no limit. */
  readonly bytes?: RateLimits;
  /** Namespaces of one connection. Default: no limit. */
  readonly namespaces?: CountLimit;
  /** Rooms that the sockets of one connection have joined by `socket.join`, besides their own. Default: no limit. */
  readonly rooms?: CountLimit;
  /** Events of one socket for which an answer is awaited, and not given yet. Default: no limit. */
  readonly pendingAnswers?: CountLimit;
  /** Acknowledgements of one socket that the server waits for. The policy `"refuse"` closes as well. Default: no limit. */
  readonly acks?: CountLimit;
  /** Connections of which no socket is authenticated in time are closed. Default: no limit. */
  readonly unauthenticated?: UnauthenticatedLimit<Socket>;
  /** The policy of limits that have none of their own. Default `"refuse"`. */
  readonly policy?: LimitPolicy;
  /** How many events and namespaces of one connection may be refused within a minute before it is closed. Default 1,000. */
  readonly closeAfter?: number;
  /** The user of a socket, asked for each event; nothing for none. Default: the own property `id` of `socket.data.user`. */
  readonly user?: (socket: Socket) => string | number | null | undefined;
  /** Which proxies may say whom they speak for. Default 0: none, and the address is that of the network connection. */
  readonly trustProxy?: TrustProxy;
  /** The header in which proxies append the address that they speak for. Default `x-forwarded-for`. */
  readonly forwardedHeader?: string;
  /** How many bits of an address of IPv6 count: providers give whole networks to one customer. Default 64. */
  readonly ipv6Bits?: number;
  /** How many addresses, and users, without connections are remembered. Default 100,000. */
  readonly maxTracked?: number;
  /** How many events of one socket may wait for a limiter of the cluster; further ones are refused. Default 100. */
  readonly maxPending?: number;
  /** The source of time, for tests. Default: that of the platform. */
  readonly clock?: Clock;
}
