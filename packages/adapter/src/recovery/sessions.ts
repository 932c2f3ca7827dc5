// What is kept of a socket that has left, so that it can come back: once, and only for a while.

import type { DeadlineQueue, Deadlines, Milliseconds, Timed } from "@sockeye/portable";
import type { Session } from "../contract.ts";

class Kept implements Timed {
  dueAt = 0;
  queue: DeadlineQueue | null = null;
  earlier: Timed | null = null;
  later: Timed | null = null;
  readonly session: Session;
  readonly #sessions: Sessions;

  constructor(session: Session, sessions: Sessions) {
    this.session = session;
    this.#sessions = sessions;
  }

  onDue(): void {
    this.#sessions.expire(this.session.pid);
  }
}

/** Sessions by private id. Beyond `maxSessions` the oldest are dropped. */
export class Sessions {
  readonly #kept = new Map<string, Kept>();
  readonly #deadlines: Deadlines;
  readonly #maxAge: Milliseconds;
  readonly #maxSessions: number;
  readonly #onEmpty: () => void;

  /** `onEmpty` is called when the last session has become too old. */
  constructor(
    deadlines: Deadlines,
    limits: { readonly maxAge: Milliseconds; readonly maxSessions: number },
    onEmpty: () => void,
  ) {
    this.#deadlines = deadlines;
    this.#maxAge = limits.maxAge;
    this.#maxSessions = limits.maxSessions;
    this.#onEmpty = onEmpty;
  }

  get size(): number {
    return this.#kept.size;
  }

  keep(session: Session): void {
    this.take(session.pid);
    const kept = new Kept(session, this);
    this.#kept.set(session.pid, kept);
    this.#deadlines.arm(kept, this.#maxAge);
    if (this.#kept.size <= this.#maxSessions) return;
    const oldest = this.#kept.keys().next();
    if (oldest.done !== true) this.take(oldest.value);
  }

  /** Gives a session out, and forgets it: nobody can use it twice. */
  take(pid: string): Session | undefined {
    const kept = this.#kept.get(pid);
    if (kept === undefined) return undefined;
    this.#kept.delete(pid);
    this.#deadlines.disarm(kept);
    return kept.session;
  }

  /** A session has become too old. */
  expire(pid: string): void {
    this.take(pid);
    if (this.#kept.size === 0) this.#onEmpty();
  }

  clear(): void {
    for (const pid of [...this.#kept.keys()]) this.take(pid);
  }
}
