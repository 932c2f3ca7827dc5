// The port of a log: it keeps what the nodes of one cluster append, in one order for all, and every node reads it in that
// order. An implementation knows bytes, offsets and its broker; batches, retries, limits and sessions stand above it.

import type { BusState, NodeId } from "./bus.ts";

/**
 * A position in a log. Offsets count what was appended: 1, 2, 3 and so on, without holes; 0 is the beginning. An epoch, 1
 * to 16 characters out of `A-Z a-z 0-9 _ -`, names one history: a log that has lost something that was readable, or whose
 * append it has confirmed, goes on with another epoch.
 */
export interface LogPoint {
  readonly epoch: string;
  readonly offset: number;
}

/** A message that was kept. */
export interface LogEntry {
  readonly offset: number;
  readonly message: Uint8Array;
}

/**
 * Messages that a writer appends together, in order. The writer numbers its messages: 1, 2, 3 and so on. A message whose
 * number was kept already is not kept again, so that a batch whose answer was lost can be appended once more.
 */
export interface LogBatch {
  readonly writer: NodeId;
  /** The number of the first message. */
  readonly first: number;
  readonly messages: readonly Uint8Array[];
}

/** What a log calls. All calls are synchronous and never throw. */
export interface LogReceiver {
  /** Entries that follow the last one, each once, without holes; those of this node are among them. */
  onEntries(entries: readonly LogEntry[]): void;
  /**
   * The entries after the last one are gone (trimmed before this node has read them), or the log has another epoch.
   * Reading goes on after `point`.
   */
  onBreak(point: LogPoint): void;
  /** The connection to the broker was lost, or is there again. */
  onState(state: BusState): void;
}

/**
 * Keeps messages within limits of its own; the oldest go first. Several nodes of one process may use one broker, each
 * with a log of its own.
 */
export interface Log {
  /** The longest message, in bytes. */
  readonly maxPayload: number;
  /** Begins to read what is appended from now on. Resolves with the position after which that is. */
  open(receiver: LogReceiver): Promise<LogPoint>;
  /**
   * Appends messages. Resolves when all are kept, with the position of the last one. When it rejects, some of them, all
   * or none may be kept, now or later: the writer appends the same batch again. A writer appends one batch at a time.
   */
  append(batch: LogBatch): Promise<LogPoint>;
  /**
   * The entries after a position, up to `until`, at most `limit` and at least one where there is one. `null` when some of
   * them are gone, or the epoch is another.
   */
  read(
    after: LogPoint,
    range: { readonly until: number; readonly limit: number },
  ): Promise<readonly LogEntry[] | null>;
  /** The position of the last entry. */
  last(): Promise<LogPoint>;
  /** Entries do not arrive, though the connection seems to be well: reads again, after the last one that has arrived. */
  heal(): Promise<void> | void;
  /** Ends reading. Connections that the application has made stay open. */
  close(): Promise<void> | void;
}
