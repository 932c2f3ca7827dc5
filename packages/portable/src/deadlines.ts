// Deadlines of many owners with one platform timer per distinct duration, and no object, closure or timer per owner.
// Owners that wait for the same duration expire in the order in which they began to wait,
// so a queue is a linked list that is always sorted: arming and disarming are O(1).
// See docs/decisions/0003-deadlines.md for why this is not a wheel.

import { type Clock, duration, LONGEST_DELAY, type Milliseconds } from "./clock.ts";
import { createPoints, type PointRows, type Points, type PointsSetUp } from "./diagnostics.ts";

/** An owner that can wait for a deadline. The fields belong to the queue; an owner waits in one queue at a time. */
export interface Timed {
  dueAt: Milliseconds;
  queue: DeadlineQueue | null;
  earlier: Timed | null;
  later: Timed | null;
  /** Called once when the deadline has passed. May arm again. What it throws goes to `onFailed` of the keeper. */
  onDue(): void;
}

/** Base class of owners: the fields that the queue needs. */
export abstract class Waiting implements Timed {
  dueAt = 0;
  queue: DeadlineQueue | null = null;
  earlier: Timed | null = null;
  later: Timed | null = null;

  abstract onDue(): void;
}

/** Payloads of the deadline keeper's diagnostics points. */
export interface DeadlinePayloads {
  /** A stall: how late the first deadline was noticed, and which duration it had waited for. */
  stalled: { readonly lateBy: Milliseconds; readonly duration: Milliseconds };
}

const ROWS: PointRows<DeadlinePayloads> = {
  stalled: "a timer fired more than 250 ms late; deadlines count one turn of the event loop later",
};

/** Settings of a deadline keeper. */
export interface DeadlinesSetUp extends PointsSetUp {
  /** Receives what an owner throws when it is due. Default: it surfaces as an uncaught error of the process. */
  readonly onFailed?: ((error: unknown) => void) | undefined;
}

/** Rethrows an error as an uncaught one, after the current stack. */
function surface(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}

// A timer that fires this much too late means that the whole process stalled: what peers sent
// meanwhile is read before any deadline counts.
const STALL: Milliseconds = 250;
// After one expiry the next comes no sooner than this share of the duration later, and never waits longer than
// LONGEST_GAP for it: owners that began to wait one after the other are served together, which saves a wake-up each.
const GAP_SHARE = 1 / 40;
const LONGEST_GAP: Milliseconds = 25;
// While any owner waits, up to this many empty queues keep their timers: most are needed again soon, as when
// connections come and go, and setting a timer costs as much as a message. When no owner waits, no timer is kept: a
// timer keeps the process alive.
const MOST_RESTING = 8;

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
  /** Whether the keeper counts this queue among those that are not empty. */
  #isBusy = false;

  constructor(duration: Milliseconds, clock: Clock, deadlines: Deadlines) {
    this.duration = duration;
    this.#clock = clock;
    this.#deadlines = deadlines;
    this.#gap = Math.min(LONGEST_GAP, duration * GAP_SHARE);
  }

  /** Stops the timer. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
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
    if (!this.#isBusy) {
      this.#isBusy = true;
      this.#deadlines.onBusy();
    }
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
    if (this.#first === null && !this.#isExpiring) this.#rest();
  }

  #rest(): void {
    this.#isBusy = false;
    this.#deadlines.onRest(this);
  }

  #arm(delay: Milliseconds): void {
    // Timers drop fractions, and one that fires too early has to be set again.
    // One that is due later than any timer can be is waited for in steps.
    const step = Math.min(Math.ceil(delay), LONGEST_DELAY);
    this.#cancel = this.#clock.after(step, () => this.#expire());
  }

  #expire(): void {
    const now = this.#clock.now();
    const head = this.#first;
    if (head === null) {
      this.#cancel = null;
      this.#deadlines.drop(this);
      return;
    }
    if (this.#stalled === "no" && now - head.dueAt > STALL) {
      this.#stalled = "reading";
      this.#arm(1);
      this.#deadlines.onStalled(now - head.dueAt, this);
      return;
    }
    this.#stalled = "no";
    this.#cancel = null;
    this.#isExpiring = true;
    try {
      for (let timed = this.#first; timed !== null && timed.dueAt <= now; timed = this.#first) {
        this.remove(timed);
        this.#deadlines.due(timed);
      }
    } finally {
      // The queue must continue after any failure of an owner: every heartbeat of a server waits in it.
      this.#isExpiring = false;
      const next = this.#first;
      if (next === null) {
        this.#rest();
        this.#deadlines.drop(this);
      }
      // Where no owner was due (the one that armed the timer has left), no wake-up can be spared either.
      else this.#arm(Math.max(next === head ? 0 : this.#gap, next.dueAt - now));
    }
  }
}

/** The deadline keeper of one server: a queue per distinct duration, made when needed. */
export class Deadlines {
  readonly #clock: Clock;
  readonly #queues = new Map<Milliseconds, DeadlineQueue>();
  /** How many queues are not empty. */
  #busy = 0;
  readonly #onFailed: (error: unknown) => void;
  /** The keeper's diagnostics points. */
  readonly points: Points<DeadlinePayloads>;

  constructor(clock: Clock, setUp: DeadlinesSetUp = {}) {
    this.#clock = clock;
    this.#onFailed = setUp.onFailed ?? surface;
    this.points = createPoints<DeadlinePayloads>("sockeye:deadlines", ROWS, setUp);
  }

  /**
   * Makes `timed` wait for `wanted` milliseconds from now, and ends its earlier wait. `Infinity` waits for ever,
   * without a timer; NaN counts as zero.
   */
  arm(timed: Timed, wanted: Milliseconds): void {
    if (!(wanted < Infinity && wanted > 0)) {
      this.#armOddly(timed, wanted);
      return;
    }
    this.#arm(timed, wanted);
  }

  #armOddly(timed: Timed, wanted: Milliseconds): void {
    const waits = duration(wanted);
    if (waits === Infinity) {
      timed.queue?.remove(timed);
      timed.dueAt = Infinity;
    } else this.#arm(timed, waits);
  }

  #arm(timed: Timed, wanted: Milliseconds): void {
    // Rearming for another duration is not a departure.
    this.#busy++;
    timed.queue?.remove(timed);
    let next = this.#queues.get(wanted);
    if (next === undefined) {
      next = new DeadlineQueue(wanted, this.#clock, this);
      this.#queues.set(wanted, next);
    }
    next.append(timed);
    this.#busy--;
  }

  /** Milliseconds until `timed`, which waits, is due: not above zero when that has passed. */
  left({ dueAt }: Timed): Milliseconds {
    return dueAt - this.#clock.now();
  }

  /**
   * Makes `timed` wait for what is left of a wait that began elsewhere and takes `whole` milliseconds in all. Each distinct
   * duration has a timer: those that go on at one moment share some forty of them, so that they are served up to a fortieth
   * of `whole` later (25 ms at least). The grid is that of the wall clock: going on repeatedly adds nothing. Where nothing is
   * left, it waits for a step of the grid, in which is read what peers sent meanwhile.
   */
  resume(timed: Timed, left: Milliseconds, whole: Milliseconds): void {
    const grain = Math.max(LONGEST_GAP, Math.min(whole, LONGEST_DELAY) * GAP_SHARE);
    if (!(left > 0 && left < Infinity)) {
      this.arm(timed, left > 0 ? left : grain);
      return;
    }
    const now = this.#clock.wallTime();
    this.arm(timed, Math.ceil((now + left) / grain) * grain - now);
  }

  /** Called by a queue for each owner that is due. Never throws, unless the handler of failures does. */
  due(timed: Timed): void {
    try {
      timed.onDue();
    } catch (error) {
      this.#onFailed(error);
    }
  }

  /** Called by a queue whose timer fired much too late. */
  onStalled(lateBy: Milliseconds, queue: DeadlineQueue): void {
    const { stalled } = this.points;
    if (stalled.active) stalled.publish({ lateBy, duration: queue.duration });
  }

  /** Ends the wait of `timed`. */
  disarm(timed: Timed): void {
    timed.queue?.remove(timed);
  }

  /** Called by a queue that is not empty any more. */
  onBusy(): void {
    this.#busy++;
  }

  /** Called by a queue that has become empty. */
  onRest(queue: DeadlineQueue): void {
    this.#busy--;
    if (this.#busy === 0) {
      for (const each of this.#queues.values()) each.stop();
      this.#queues.clear();
    } else if (this.#queues.size - this.#busy > MOST_RESTING) {
      queue.stop();
      this.drop(queue);
    }
  }

  /** Forgets an empty queue without a timer. */
  drop(queue: DeadlineQueue): void {
    if (this.#queues.get(queue.duration) === queue) this.#queues.delete(queue.duration);
  }
}
