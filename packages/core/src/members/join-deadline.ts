// How long a peer may take to join its first namespace. An object of its own, because most peers soon need it no more.

import type { DeadlineQueue, Milliseconds, Timed } from "@sockeye/portable";

/** Who waits. */
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
