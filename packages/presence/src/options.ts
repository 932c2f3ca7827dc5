// Options of presence: meaning in the interface, default and limits in the rules.

import {
  amount,
  callback,
  type Milliseconds,
  type Rule,
  type Rules,
  resolveOptions,
} from "@sockeye/portable";

/** How presence is kept in a namespace. The same on all servers of a cluster. */
export interface PresenceOptions<Socket, Meta> {
  /**
   * Names the user of a socket when it connects, and at `update`. Sockets of one user, on whatever server, count once. A
   * socket for which nothing is returned is not present.
   */
  readonly user: (socket: Socket) => string | number | null | undefined;
  /** Describes a session: anything that has JSON. Read when the socket connects, and at `update`. Default: nothing. */
  readonly meta?: (socket: Socket) => Meta;
  /** Selects the rooms whose members are kept, for `in(room)`. Default: none. */
  readonly rooms?: (room: string) => boolean;
  /**
   * How long a user stays present after the last session has ended, in milliseconds, so that a reconnection is not seen
   * as leaving and joining. Default 0.
   */
  readonly leaveGrace?: Milliseconds;
  /** Most sessions on all servers; further ones are not present. Default 100,000. */
  readonly maxSessions?: number;
  /** Longest metadata of a session as JSON, in characters; longer ones are left out. Default 4,096. */
  readonly maxMeta?: number;
  /** Most rooms of a session, of those that `rooms` selects; further ones are left out. Default 50. */
  readonly maxRooms?: number;
}

/** Options with their defaults. */
export interface ResolvedOptions<Socket> {
  readonly user: (socket: Socket) => unknown;
  readonly meta: ((socket: Socket) => unknown) | undefined;
  readonly rooms: ((room: string) => boolean) | undefined;
  readonly leaveGrace: Milliseconds;
  readonly maxSessions: number;
  readonly maxMeta: number;
  readonly maxRooms: number;
}

const required: Rule<ResolvedOptions<never>["user"]> = {
  fallback: () => undefined,
  check: (value) => (typeof value === "function" ? undefined : "must be a function of the socket"),
};

const presenceOptionRules: Rules<ResolvedOptions<never>> = {
  user: required,
  meta: callback(),
  rooms: callback(),
  leaveGrace: amount({ fallback: 0, min: 0, unit: "milliseconds" }),
  maxSessions: amount({ fallback: 100_000, min: 1, unit: "sessions", infinity: "allowed" }),
  maxMeta: amount({ fallback: 4096, min: 0, unit: "characters" }),
  maxRooms: amount({ fallback: 50, min: 0, unit: "rooms" }),
};

/** Options with their defaults. @throws OptionError with all problems */
export function resolvePresenceOptions<Socket>(
  given: PresenceOptions<Socket, unknown>,
): ResolvedOptions<Socket> {
  const { options } = resolveOptions(presenceOptionRules, { ...given, user: given.user ?? null });
  return options as unknown as ResolvedOptions<Socket>;
}
