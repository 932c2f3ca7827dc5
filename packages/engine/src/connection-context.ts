// What the connections of one engine share: values of options, and what they would otherwise have to keep one by one.

import type { Deadlines, Milliseconds } from "@sockeye/portable";
import type { ConnectionView, EngineDiagnostics } from "./diagnostics.ts";
import type { DrainWaiters } from "./drain-waiters.ts";
import type { Lingers } from "./lingers.ts";
import type { RequestHead } from "./ports/http.ts";
import type { Revision } from "./revision.ts";
import type { SendLimits } from "./send-limits.ts";

/** What the connections of one engine share. */
export interface ConnectionContext {
  readonly deadlines: Deadlines;
  readonly pingInterval: Milliseconds;
  readonly pingTimeout: Milliseconds;
  readonly upgradeTimeout: Milliseconds;
  readonly maxSendBufferSize: number;
  readonly limits: SendLimits;
  readonly drains: DrainWaiters;
  readonly lingers: Lingers;
  readonly points: EngineDiagnostics;
  /** Receives what a handler above throws, although it must not. Throws nothing itself. */
  onFault(error: unknown): void;
  /** Forgets the connection and all that waits for it; called before anything else happens because of its end. */
  onClosed(connection: ConnectionView): void;
}

/** What identifies a connection. */
export interface ConnectionIdentity {
  readonly id: string;
  readonly request: RequestHead;
  readonly revision: Revision;
}
