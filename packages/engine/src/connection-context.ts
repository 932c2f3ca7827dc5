// The state shared by the connections of one engine: option values and services, to keep each connection small.

import type { Clock, Deadlines, Milliseconds } from "@sockeye/portable";
import type { ConnectionView, EngineDiagnostics } from "./diagnostics.ts";
import type { DrainWaiters } from "./drain-waiters.ts";
import type { Lingers } from "./lingers.ts";
import type { RequestHead } from "./ports/http.ts";
import type { Revision } from "./revision.ts";
import type { SendLimits } from "./send-limits.ts";
import type { SlowReaders } from "./slow-readers.ts";
import type { TotalLimit } from "./total-limit.ts";

/** The shared state of an engine's connections. */
export interface ConnectionContext {
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  readonly pingInterval: Milliseconds;
  readonly pingTimeout: Milliseconds;
  readonly upgradeTimeout: Milliseconds;
  readonly maxSendBufferSize: number;
  readonly limits: SendLimits;
  readonly total: TotalLimit;
  readonly slowReaders: SlowReaders;
  readonly drains: DrainWaiters;
  readonly lingers: Lingers;
  readonly points: EngineDiagnostics;
  /** Receives errors thrown by the layer above, which must not throw. Never throws. */
  onFault(error: unknown): void;
  /** Removes the connection and everything that waits for it; called before any other effect of its end. */
  onClosed(connection: ConnectionView): void;
}

/** The identity of a connection. */
export interface ConnectionIdentity {
  readonly id: string;
  readonly request: RequestHead;
  readonly revision: Revision;
}
