// The sessions of one namespace: what is kept of a socket that has left. Each is given out once, and expires.

import type { DeadlineQueue, Timed } from "@sockeye/portable";
import type { Session } from "../contract.ts";
import type { BudgetedSession, RecoveryBudget } from "./budget.ts";

class Kept implements Timed, BudgetedSession {
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
    this.expire();
  }

  expire(): void {
    this.#sessions.expire(this.session.pid);
  }
}

/** Sessions by private id. Age and number are limited by the budget. */
export class Sessions {
  readonly #kept = new Map<string, Kept>();
  readonly #budget: RecoveryBudget;
  readonly #onEmpty: () => void;

  /** `onEmpty` is called when the last session has expired. */
  constructor(budget: RecoveryBudget, onEmpty: () => void) {
    this.#budget = budget;
    this.#onEmpty = onEmpty;
  }

  get size(): number {
    return this.#kept.size;
  }

  keep(session: Session): void {
    this.take(session.pid);
    const kept = new Kept(session, this);
    this.#kept.set(session.pid, kept);
    this.#budget.deadlines.arm(kept, this.#budget.limits.maxAge);
    this.#budget.addSession(kept);
  }

  /** Looks at a session without giving it out. */
  peek(pid: string): Session | undefined {
    return this.#kept.get(pid)?.session;
  }

  /** Gives a session out and forgets it, so that it cannot be used twice. */
  take(pid: string): Session | undefined {
    const kept = this.#kept.get(pid);
    if (kept === undefined) return undefined;
    this.#kept.delete(pid);
    this.#budget.deadlines.disarm(kept);
    this.#budget.removeSession(kept);
    return kept.session;
  }

  /** A session has become too old, or one too many. */
  expire(pid: string): void {
    this.take(pid);
    if (this.#kept.size === 0) this.#onEmpty();
  }

  clear(): void {
    for (const pid of [...this.#kept.keys()]) this.take(pid);
  }
}
