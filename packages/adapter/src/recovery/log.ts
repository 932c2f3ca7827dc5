// What the log in memory and its tests agree on: packets are kept for sockets that may return. The port of a log that
// several servers share is cluster/log.ts.

import type { Encoded } from "@sockeye/protocol";
import type { Missed, MissedRange, Room } from "../contract.ts";

/** A packet with its address. */
export interface LogEntry {
  readonly encoded: Encoded;
  /** The rooms it was sent to; none means every socket of the namespace. */
  readonly rooms: ReadonlySet<Room>;
  /** The rooms whose members do not receive it. */
  readonly except: ReadonlySet<Room>;
}

/**
 * Packets in one order, each named by an offset. An offset contains an epoch, so that one of another log is unknown.
 */
export interface Log {
  /** The offset of the last appended packet that this process has delivered. */
  lastOffset(): string;
  /** Adds a packet at the end; returns its offset. */
  append(entry: LogEntry): string | Promise<string>;
  /**
   * The packets after `offset` for a member of `rooms`; see `AdapterContract.missedPackets`.
   * `null` when the offset is unknown or packets after it were dropped.
   */
  missedSince(
    offset: string,
    rooms: ReadonlySet<Room>,
    range?: MissedRange,
  ): Missed | null | Promise<Missed | null>;
}
