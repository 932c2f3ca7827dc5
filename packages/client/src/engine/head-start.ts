// How long a WebSocket is tried alone before polling is tried beside it. Long enough that where WebSockets work, a server
// sees one connection; short enough that where something swallows them, polling is soon there. So it depends on what is
// known of the distance to the server. Figures and reasons: docs/decisions/0023-race.md.

/** Milliseconds when nothing is known of the distance: TLS over 300 ms of round trip takes no longer. */
export const UNKNOWN_HEAD_START_MS = 1000;
/** Milliseconds at least: a server has that long to answer. */
const LEAST_MS = 120;
/** Milliseconds at most, however slow the page itself was. */
const MOST_MS = 2000;

/** Where a WebSocket has worked before, polling is not tried for so long. */
const KNOWN_MS = 1000;

/** The head start, in milliseconds, of a WebSocket whose answer is expected after `expectedMs`. */
export function headStartMs(expectedMs: number | undefined, hasWorked = false): number {
  return expectedMs === undefined
    ? UNKNOWN_HEAD_START_MS
    : Math.min(Math.max(expectedMs * 1.25 + 40, hasWorked ? KNOWN_MS : LEAST_MS), MOST_MS);
}
