// The port behind which packets and sessions outlive the process, for hosts whose processes end at any time. The log in memory
// stays what is asked; this is written beside it, and read once.

import type { Session } from "../contract.ts";
import type { LogEntry } from "./log.ts";

/** What was kept by an earlier process. */
export interface KeptRecovery {
  /** The number of the first of the packets; of the next one, when there are none. */
  readonly first: number;
  /** In order, without a gap. */
  readonly packets: readonly LogEntry[];
  readonly sessions: readonly Session[];
}

/** A store of one namespace. Every call is done when it returns. */
export interface RecoveryStore {
  /** Begins the offsets; the same as long as what is kept is. */
  readonly epoch: string;
  load(): KeptRecovery;
  /** Keeps a packet. */
  append(number: number, entry: LogEntry): void;
  /** Keeps the session of a socket that has left. */
  keep(session: Session): void;
  /** Forgets a session that was restored. */
  take(pid: string): void;
}
