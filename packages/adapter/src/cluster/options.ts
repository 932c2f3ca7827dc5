// Options of a cluster: meaning in the interface, default and limits in the rules.

import { amount, flag, OptionError, type Rules, resolveOptions } from "@sockeye/portable";

/** Options of every adapter of a cluster. Durations are milliseconds. */
export interface ClusterOptions {
  /** Time between two heartbeats of a node. Default 5 000. */
  readonly heartbeatInterval: number;
  /**
   * A node of which nothing was heard for so long has ended; more than `heartbeatInterval`. From twice that on a lost heartbeat does no
   * harm, because a node that is overdue is asked. Default 10 000.
   */
  readonly heartbeatTimeout: number;
  /** Time within which other nodes must answer `fetchSockets` and `serverSideEmit`. Default 5 000. */
  readonly requestsTimeout: number;
  /** Most requests that wait for answers at a time; further ones are rejected. Default 100 000. */
  readonly maxRequests: number;
  /**
   * Whether servers announce their rooms to each other, so that an event to a room of one server alone is not published. On a bus only: where
   * there is a log, every server reads all of it. `socket.join()` then resolves when the other servers know the room; an event that
   * another one sends before may be missed, as one that it has sent before the joining. Default `false`.
   */
  readonly routeByRooms: boolean;
  /** Longest message for the broker, in bytes. Default: what the broker takes. */
  readonly maxPayload: number;
}

/** One rule per option. */
export const clusterOptionRules: Rules<ClusterOptions> = {
  heartbeatInterval: amount({ fallback: 5000, min: 10, unit: "milliseconds" }),
  heartbeatTimeout: amount({ fallback: 10_000, min: 20, unit: "milliseconds" }),
  requestsTimeout: amount({ fallback: 5000, min: 1, unit: "milliseconds" }),
  maxRequests: amount({ fallback: 100_000, min: 1, unit: "requests" }),
  routeByRooms: flag(false),
  maxPayload: amount({ fallback: Infinity, min: 1024, unit: "bytes", infinity: "allowed" }),
};

/** Options with their defaults. Names of other layers are ignored. @throws OptionError with all problems */
export function resolveClusterOptions(given: Partial<ClusterOptions> = {}): ClusterOptions {
  const { options } = resolveOptions(clusterOptionRules, given);
  const { heartbeatInterval, heartbeatTimeout } = options;
  if (heartbeatTimeout > heartbeatInterval) return options;
  throw new OptionError([
    `heartbeatTimeout (${heartbeatTimeout}) must be more than heartbeatInterval (${heartbeatInterval})`,
  ]);
}
