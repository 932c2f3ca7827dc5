// What a node with a log and a namespace know of each other.

import type { Intent, Message } from "../cluster/intents.ts";
import type { LogPoint } from "../cluster/log.ts";

/** Runs a delivery within the broadcast that has caused it. */
export type Run = (call: () => void) => void;

/** Something to do, as it was read. */
export interface Applied {
  readonly intent: Intent;
  readonly body: Message["body"];
  readonly at: LogPoint;
  /** Whether this node has appended it. */
  readonly isOwn: boolean;
  readonly run: Run;
}

/** A namespace, as its node sees it. Contains what the application throws. */
export interface LogNamespace {
  applyEntry(entry: Applied): void;
  /** The log is open: there is a position. */
  onOpen(): void;
  /** Clients of this namespace have missed something. `missed`: how many messages, where that is known. */
  onBreak(missed: number | null): void;
}
