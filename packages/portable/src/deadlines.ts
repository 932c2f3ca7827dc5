// Deadlines of many owners with one platform timer per distinct duration, and no object, closure or timer per owner.
// Owners that wait for the same duration expire in the order in which they began to wait,
// so a queue is a linked list that is always sorted: arming and disarming are O(1).
// See docs/decisions/0003-deadlines.md for why this is not a wheel.

import type { Clock, Milliseconds } from "./clock.ts";

/** What can wait for a deadline. The fields belong to the queue; an owner waits in one queue at a time. */
export interface Timed {
  dueAt: Milliseconds;
  queue: DeadlineQueue | null;
  earlier: Timed | null;
  later: Timed | null;
  /** Called once when the deadline has passed. May arm again. Must not throw. */
  onDue(): void;
}

// A timer that fires this much too late tells of a stall of the whole process: what peers sent
// meanwhile is read before anyone is judged.
const STALL: Milliseconds = 250;
// After one expiry the next comes no sooner than this share of the duration later, and never waits longer than
// LONGEST_GAP for it: owners that began to wait one after the other are served together, which saves a wake-up each.
const GAP_SHARE = 1 / 40;
const LONGEST_GAP: Milliseconds = 25;

/** All owners that wait for one duration. */
export class DeadlineQueue {
  readonly duration: Milliseconds;
  readonly #clock: Clock;
  readonly #deadlines: Deadlines;
  #first: Timed | null = null;
  #last: Timed | null = null;
  #cancel: (() => void) | null = null;
  readonly #gap: Milliseconds;
  #stalled: "no" | "reading" = "no";
  #isExpiring = false;

  constructor(duration: Milliseconds, clock: Clock, deadlines: Deadlines) {
    this.duration = duration;
    this.#clock = clock;
    this.#deadlines = deadlines;
    this.#gap = Math.min(LONGEST_GAP, duration * GAP_SHARE);
  }

  /** Whether nobody waits here. */
  isEmpty(): boolean {
    return this.#first === null;
  }

  append(timed: Timed): void {
    const due = this.#clock.now() + this.duration;
    // Engines keep a small whole number in the owner itself, and any other in an object of its own.
    timed.dueAt = Math.ceil(due);
    timed.queue = this;
    timed.earlier = this.#last;
    timed.later = null;
    if (this.#last === null) this.#first = timed;
    else this.#last.later = timed;
    this.#last = timed;
    if (this.#cancel === null && !this.#isExpiring) this.#arm(this.duration + timed.dueAt - due);
  }

  remove(timed: Timed): void {
    if (timed.earlier === null) this.#first = timed.later;
    else timed.earlier.later = timed.later;
    if (timed.later === null) this.#last = timed.earlier;
    else timed.later.earlier = timed.earlier;
    timed.queue = null;
    timed.earlier = null;
    timed.later = null;
    if (this.#first === null && !this.#isExpiring) this.#idle();
  }

  #idle(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#deadlines.release(this);
  }

  #arm(delay: Milliseconds): void {
    // Timers drop fractions, and one that fires too early has to be set again.
    this.#cancel = this.#clock.after(Math.ceil(delay), () => this.#expire());
  }

  #expire(): void {
    const now = this.#clock.now();
    const head = this.#first;
    if (head === null) return;
    if (this.#stalled === "no" && now - head.dueAt > STALL) {
      this.#stalled = "reading";
      this.#arm(1);
      return;
    }
    this.#stalled = "no";
    this.#cancel = null;
    this.#isExpiring = true;
    let timed: Timed | null = head;
    while (timed !== null && timed.dueAt <= now) {
      this.remove(timed);
      timed.onDue();
      timed = this.#first;
    }
    this.#isExpiring = false;
    if (timed === null) this.#idle();
    // Where nobody was due (whoever armed the timer has left), there is nobody to spare a wake-up either.
    else this.#arm(Math.max(timed === head ? 0 : this.#gap, timed.dueAt - now));
  }
}

/** The deadline keeper of one server: a queue per distinct duration, made when needed and dropped when empty. */
export class Deadlines {
  readonly #clock: Clock;
  readonly #queues = new Map<Milliseconds, DeadlineQueue>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Makes `timed` wait for `duration` from now, instead of whatever it waited for. */
  arm(timed: Timed, duration: Milliseconds): void {
    timed.queue?.remove(timed);
    let next = this.#queues.get(duration);
    if (next === undefined) {
      next = new DeadlineQueue(duration, this.#clock, this);
      this.#queues.set(duration, next);
    }
    next.append(timed);
  }

  /** Makes `timed` wait for nothing. */
  disarm(timed: Timed): void {
    timed.queue?.remove(timed);
  }

  /** Called by a queue that became empty. */
  release(queue: DeadlineQueue): void {
    if (this.#queues.get(queue.duration) === queue) this.#queues.delete(queue.duration);
  }
}
