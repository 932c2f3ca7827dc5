// How much code each host may hold, and how much of it may stand in another. Holds data only; check-hosts.mjs counts.

/** Lines of code that a host may have, without blank lines and comments. */
export const MOST_LINES = 350;

/**
 * Hosts with a limit of their own, and why.
 * @type {Record<string, { lines: number, why: string }>}
 */
export const exceptions = {
  "hosts/node": {
    lines: 1200,
    why: "it owns its network connections: WebSocket frames, shared and paused reads, one write for header and body",
  },
};

/** Lines of code in a row that may stand in two hosts: a list of type parameters cannot be shared. */
export const MOST_EQUAL = 6;
