// The sessions of one namespace: the stored state of sockets that have left. Each can be taken once, and expires.

import type { DeadlineQueue, Timed } from "@sockeye/portable";
import type { Session } from "../contract.ts";
import type { BudgetedSession, RecoveryBudget } from "./budget.ts";

class StoredSession implements Timed, BudgetedSession {
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
  readonly #stored = new Map<string, StoredSession>();
  readonly #budget: RecoveryBudget;
  readonly #onEmpty: () => void;

  /** `onEmpty` is called when the last session has expired. */
  constructor(budget: RecoveryBudget, onEmpty: () => void) {
    this.#budget = budget;
    this.#onEmpty = onEmpty;
  }

  get size(): number {
    return this.#stored.size;
  }

  keep(session: Session): void {
    this.take(session.pid);
    const stored = new StoredSession(session, this);
    this.#stored.set(session.pid, stored);
    this.#budget.deadlines.arm(stored, this.#budget.limits.maxAge);
    this.#budget.addSession(stored);
  }

  /** Returns a session without removing it. */
  peek(pid: string): Session | undefined {
    return this.#stored.get(pid)?.session;
  }

  /** Removes a session and returns it, so that it cannot be used twice. */
  take(pid: string): Session | undefined {
    const stored = this.#stored.get(pid);
    if (stored === undefined) return undefined;
    this.#stored.delete(pid);
    this.#budget.deadlines.disarm(stored);
    this.#budget.removeSession(stored);
    return stored.session;
  }

  /** A session has expired, or exceeds the limit. */
  expire(pid: string): void {
    this.take(pid);
    if (this.#stored.size === 0) this.#onEmpty();
  }

  clear(): void {
    for (const pid of [...this.#stored.keys()]) this.take(pid);
  }
}
