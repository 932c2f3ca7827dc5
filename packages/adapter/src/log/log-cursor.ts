// Where the reader of a log stands: passes on entries, says so where some are missing before them, and keeps what it knows of
// the log, so that it can be asked whether it still has that.

import type { LogEntry, LogPoint, LogReceiver } from "../cluster/log.ts";

/** An entry with the epoch in which it was appended. */
export interface EpochEntry extends LogEntry {
  readonly epoch: string;
}

/** An entry that a node knows. */
export interface KnownEntry {
  readonly point: LogPoint;
  readonly message: Uint8Array;
}

/** The position of one reader. */
export class LogCursor {
  /** `null` before the log is open, and when it is closed. */
  receiver: LogReceiver | null = null;
  /** What was read last. */
  point: LogPoint = { epoch: "", offset: 0 };
  #lastRead: KnownEntry | null = null;
  #lastKept: KnownEntry | null = null;

  /** The last entry that was read, and the last that was appended here, of this epoch. */
  get known(): readonly KnownEntry[] {
    return [this.#lastRead, this.#lastKept].filter(
      (each) => each !== null && each.point.epoch === this.point.epoch,
    ) as KnownEntry[];
  }

  /** This node has appended messages; the last of them is at `point`. */
  kept(point: LogPoint, messages: readonly Uint8Array[]): void {
    const message = messages.at(-1);
    if (message !== undefined) this.#lastKept = { point, message };
  }

  /** Passes on entries; where something is missing before them, says so first. */
  take(entries: readonly EpochEntry[]): void {
    let run: LogEntry[] = [];
    const flush = (): void => {
      if (run.length > 0) this.receiver?.onEntries(run);
      run = [];
    };
    for (const { epoch, message, offset } of entries) {
      if (epoch !== this.point.epoch || offset !== this.point.offset + 1) {
        flush();
        this.break({ epoch, offset: offset - 1 });
      }
      this.point = { epoch, offset };
      this.#lastRead = { point: this.point, message };
      run.push({ offset, message });
    }
    flush();
  }

  /** Goes on after a position: what was before it is gone. */
  break(point: LogPoint): void {
    this.point = point;
    this.#lastRead = null;
    this.receiver?.onBreak(point);
  }
}

/** The entries of a page that follow a position without a hole; `null` when there is none, or one is missing. */
export function contiguous(
  page: readonly EpochEntry[],
  { epoch, offset }: LogPoint,
): readonly LogEntry[] | null {
  const isWhole = page.every(
    (each, index) => each.epoch === epoch && each.offset === offset + 1 + index,
  );
  return isWhole && page.length > 0 ? page : null;
}
