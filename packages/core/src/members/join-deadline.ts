// The deadline for joining a first namespace. A separate object, because it is released as soon as the client joins.

import type { DeadlineQueue, Milliseconds, Timed } from "@sockeye/portable";

/** The peer that waits. */
export interface Joining {
  /** No namespace was joined in time. */
  onJoinOverdue(timeout: Milliseconds): void;
}

/** The deadline of one peer. */
export class JoinDeadline implements Timed {
  dueAt = 0;
  queue: DeadlineQueue | null = null;
  earlier: Timed | null = null;
  later: Timed | null = null;
  readonly #peer: Joining;
  readonly #timeout: Milliseconds;

  constructor(peer: Joining, timeout: Milliseconds) {
    this.#peer = peer;
    this.#timeout = timeout;
  }

  onDue(): void {
    this.#peer.onJoinOverdue(this.#timeout);
  }
}
