// What waits in a node, as numbers.

/** What waits in a node, or is kept for clients that come back. Each has a limit, and is near zero while nothing is wrong. */
export interface ClusterBacklog {
  /** Questions to other nodes that wait for answers. */
  readonly requests: number;
  /** Messages of other nodes that wait for earlier ones. */
  readonly held: number;
  /** Messages that the log does not have yet. Zero without a log, like all that follows. */
  readonly unwritten: number;
  /** Their bytes, which the option `maxPendingBytes` limits. */
  readonly unwrittenBytes: number;
  /** Actions that wait until a position of the log was read. */
  readonly waiting: number;
  /** Bytes of recent messages kept in memory, which the option `maxReplayBytes` limits. */
  readonly replayBytes: number;
  /** Sessions of connected sockets in this namespace. */
  readonly sessions: number;
  /** Sessions in this namespace whose end is being written. */
  readonly endingSessions: number;
  /** Sockets in this namespace with rooms that were joined after their session began. */
  readonly joinOffsets: number;
}

/** The part of a backlog that namespaces share. */
export type LinkBacklog = Omit<ClusterBacklog, "endingSessions" | "joinOffsets" | "sessions">;

/** Nothing waits. */
export const NO_BACKLOG: ClusterBacklog = Object.freeze({
  requests: 0,
  held: 0,
  unwritten: 0,
  unwrittenBytes: 0,
  waiting: 0,
  replayBytes: 0,
  sessions: 0,
  endingSessions: 0,
  joinOffsets: 0,
});
