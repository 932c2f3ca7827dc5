// The deadline for joining a first namespace. A separate object, because it is released as soon as the client joins.

import type { DeadlineQueue, Milliseconds, Timed } from "@sockeye/portable";
import type { Services } from "../base/services.ts";
import type { SavedPeer } from "./saved-peer.ts";

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

/** The deadline of a peer that is set up again, armed; `null` when it waits for nothing. */
export function resumedDeadline(
  peer: Joining,
  { at, joinWithin }: SavedPeer,
  { services, timeout }: { readonly services: Services; readonly timeout: Milliseconds },
): JoinDeadline | null {
  if (joinWithin === null) return null;
  const deadline = new JoinDeadline(peer, timeout);
  const elapsed = Math.max(0, services.clock.wallTime() - at);
  services.deadlines.resume(deadline, joinWithin - elapsed, timeout);
  return deadline;
}
